/* Small helpers of every page: the menu on a phone, the search key, copied links, drafts that survive a lost session. */
(function () {
  "use strict";
  const $ = (selector, root) => (root || document).querySelector(selector);
  document.addEventListener("click", (event) => {
    const menu = event.target.closest(".menu");
    if (menu) {
      const side = $("#side"), open = side.classList.toggle("open");
      menu.setAttribute("aria-expanded", open);
    }
    const copy = event.target.closest("[data-copy-link]");
    if (copy) navigator.clipboard && navigator.clipboard.writeText(location.href);
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.who[open], details.pick[open]").forEach((one) => {
      if (!one.contains(event.target)) one.open = false;
    });
  });
  document.addEventListener("submit", (event) => {
    const text = event.target.dataset.confirm;
    if (text && !window.confirm(text)) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) {
      const find = $(".top__find input");
      if (find) { event.preventDefault(); find.focus(); }
    }
  });
})();
