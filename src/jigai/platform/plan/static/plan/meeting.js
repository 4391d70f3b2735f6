/* Paging of the meeting page: buttons and keys, by itself every fifteen seconds, full screen, the slide in the address. */
(function () {
  "use strict";
  const slides = [...document.querySelectorAll("[data-slide]")], count = document.querySelector("[data-count]");
  const auto = document.querySelector("[data-auto]");
  let at = 0, timer = null;
  function show(to) {
    at = (to + slides.length) % slides.length;
    slides.forEach((one, place) => one.classList.toggle("on", place === at));
    count.textContent = (at + 1) + " / " + slides.length;
    history.replaceState(null, "", at ? "#s" + at : location.pathname + location.search);
  }
  function turn(on) {
    clearInterval(timer);
    timer = on ? setInterval(() => show(at + 1), 15000) : null;
    auto.setAttribute("aria-pressed", on);
  }
  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen();
  }
  const acts = { "[data-back]": () => show(at - 1), "[data-next]": () => show(at + 1), "[data-auto]": () => turn(!timer), "[data-full]": full, "[data-print]": () => window.print() };
  document.addEventListener("click", (event) => {
    const to = event.target.closest("[data-to]");
    if (to) { event.preventDefault(); show(Number(to.dataset.to)); return; }
    Object.keys(acts).forEach((name) => { if (event.target.closest(name)) acts[name](); });
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = { ArrowRight: () => show(at + 1), PageDown: () => show(at + 1), ArrowLeft: () => show(at - 1), PageUp: () => show(at - 1), Home: () => show(0), End: () => show(slides.length - 1), f: full, F: full };
    if (event.key === " " && !event.target.closest("button, a")) { event.preventDefault(); turn(!timer); }
    else if (event.key === "Escape" && !document.fullscreenElement) document.querySelector("[data-leave]").click();
    else if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  const asked = /^#s(\d+)$/.exec(location.hash);
  show(asked ? Number(asked[1]) : 0);
})();
