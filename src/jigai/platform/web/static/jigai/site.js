/* Small helpers of every page: the menu on a phone, the search key, copied links, search boxes that offer values,
   drafts that survive a lost session. */
(function () {
  "use strict";
  const $ = (selector, root) => (root || document).querySelector(selector);
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const english = document.documentElement.lang.startsWith("en");
  const word = (zh, en) => (english ? en : zh);

  document.addEventListener("click", (event) => {
    const menu = event.target.closest(".menu");
    if (menu) {
      const side = $("#side"), open = side.classList.toggle("open");
      menu.setAttribute("aria-expanded", open);
    }
    const copy = event.target.closest("[data-copy-link]");
    if (copy) navigator.clipboard && navigator.clipboard.writeText(location.href);
    if (event.target.closest("[data-print]")) window.print();
    all("details.who[open], details.pick[open]").forEach((one) => {
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
  /* Rows one ticks: all of the page at once, and how many there are. */
  document.addEventListener("change", (event) => {
    const whole = event.target.closest("[data-pick-all]"), picks = event.target.form === $("#picks");
    if (!whole && !picks) return;
    const boxes = all("input[name=pick]");
    if (whole) boxes.forEach((one) => { one.checked = whole.checked; });
    const number = boxes.filter((one) => one.checked).length, told = $("[data-pick-count]");
    told.textContent = number ? told.dataset.some.replace("%n", number) : told.dataset.none;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) {
      const find = $(".top__find input");
      if (find) { event.preventDefault(); find.focus(); }
    }
  });

  /* ── search boxes that offer values (role=combobox) ─────────────────── */
  const listOf = (input) => $("#" + input.getAttribute("aria-controls"));
  const options = (list) => all("[role=option]:not([aria-disabled])", list);
  function show(input, open) {
    listOf(input).hidden = !open;
    input.setAttribute("aria-expanded", open);
    if (!open) input.removeAttribute("aria-activedescendant");
  }
  function mark(input, option) {
    options(listOf(input)).forEach((one) => one.setAttribute("aria-selected", one === option));
    if (!option) return;
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function take(input, option) {
    input.value = option.dataset.value;
    const fill = JSON.parse(option.dataset.fill || "{}");
    Object.keys(fill).forEach((name) => { const field = input.form.elements[name]; if (field) field.value = fill[name]; });
    show(input, false);
    input.dispatchEvent(new Event("change", { bubbles: true }));
    keep(input.form);
  }
  document.addEventListener("keydown", (event) => {
    const input = event.target.closest("[role=combobox]");
    if (!input) return;
    const list = listOf(input), found = options(list), at = found.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { show(input, found.length > 0); }
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(input, found[(at + step + found.length) % found.length] || found[0]);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      take(input, found[at]);
    } else if (event.key === "Escape" || event.key === "Tab") {
      show(input, false);
    }
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".combo [role=option]:not([aria-disabled])");
    if (option) { event.preventDefault(); take($("[role=combobox]", option.closest(".combo")), option); }
  });
  document.addEventListener("focusout", (event) => { if (event.target.matches("[role=combobox]")) show(event.target, false); });
  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.target;
    if (!list.matches(".combo__list")) return;
    const input = $("[role=combobox]", list.closest(".combo"));
    if (document.activeElement === input) show(input, true);
  });

  /* ── a fragment never shows the sign-in page inside another ─────────── */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!/\/account\/login\//.test(event.detail.xhr.responseURL || "")) return;
    event.detail.shouldSwap = false;
    note(word("登录已过期，填写的内容已留在这个页面里。", "Signed out meanwhile; what you typed is kept on this page."),
      [[word("重新登录", "Sign in again"), () => location.reload()]]);
  });

  /* ── drafts: what is typed stays in this tab until the server has it ── */
  const user = document.body.dataset.user;
  const signing = location.pathname.startsWith("/account/");
  const name = (path) => "draft:" + user + ":" + path;
  const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:"));
  const skipped = (field) => !field.name || /^(hidden|password|file|submit|button)$/.test(field.type);

  function values(form) {
    const found = {};
    [...form.elements].forEach((field) => {
      if (skipped(field)) return;
      if (/^(checkbox|radio)$/.test(field.type)) {
        found[field.name] = found[field.name] || [];
        if (field.checked) found[field.name].push(field.value);
      } else found[field.name] = [field.value];
    });
    return found;
  }
  function keep(form) {
    if (!form || !form.matches("[data-draft]") || !user) return;
    sessionStorage.setItem(name(location.pathname), JSON.stringify({ values: values(form), sent: false }));
  }
  function put(form, kept) {
    [...form.elements].forEach((field) => {
      if (skipped(field) || !(field.name in kept)) return;
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = kept[field.name].includes(field.value);
      else field.value = kept[field.name][0];
    });
  }
  function note(text, actions) {
    const main = $("#main"), box = document.createElement("div");
    box.className = "say s-busy draft";
    box.setAttribute("role", "status");
    box.append(text);
    actions.forEach(([label, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = label;
      button.addEventListener("click", () => { act(); box.remove(); });
      box.append(button);
    });
    const header = $(".ph", main);
    if (header) header.after(box); else main.prepend(box);
  }

  const saved = document.cookie.split("; ").find((one) => one.startsWith("jigai_saved="));
  if (saved) {
    const path = decodeURIComponent(decodeURIComponent(saved.slice("jigai_saved=".length)));
    sessionStorage.removeItem(name(path));
    document.cookie = "jigai_saved=; Max-Age=0; path=/; SameSite=Lax";
  }
  if (user) drafts().forEach((key) => {
    const foreign = !key.startsWith("draft:" + user + ":");
    const elsewhere = key !== name(location.pathname) && !signing;
    let kept = {};
    try { kept = JSON.parse(sessionStorage.getItem(key)); } catch (broken) { kept = { sent: true }; }
    if (foreign || (kept.sent && elsewhere)) sessionStorage.removeItem(key);
  });
  const form = $("form[data-draft]");
  if (form && user) {
    const text = sessionStorage.getItem(name(location.pathname));
    const kept = text && JSON.parse(text).values;
    if (kept && JSON.stringify(kept) !== JSON.stringify(values(form))) {
      note(word("上次填写的内容没有提交。", "What you typed last time was not sent."), [
        [word("恢复上次未提交的内容", "Bring it back"), () => put(form, kept)],
        [word("不要了", "Discard"), () => sessionStorage.removeItem(name(location.pathname))],
      ]);
    }
  }
  document.addEventListener("input", (event) => keep(event.target.form));
  document.addEventListener("change", (event) => keep(event.target.form));

  /* Back to a form that was sent: it keeps its one-time key, so that sending it again makes nothing twice. */
  const once = form && form.elements.once, sent = "once:" + user + ":" + location.pathname;
  const [visit] = performance.getEntriesByType("navigation");
  if (once && visit && visit.type === "back_forward" && sessionStorage.getItem(sent)) once.value = sessionStorage.getItem(sent);

  document.addEventListener("submit", (event) => {
    if (once && event.target === form) sessionStorage.setItem(sent, once.value);
    const key = name(location.pathname), text = event.target.matches("[data-draft]") && sessionStorage.getItem(key);
    if (text) sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(text), sent: true }));
    if ($("[data-forget-drafts]", event.target)) drafts().forEach((one) => sessionStorage.removeItem(one));
  });
})();
