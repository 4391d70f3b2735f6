/* The screen locks when its person is gone: typing and pointing count as being there, a page left open does not. */
(function () {
  "use strict";
  const said = document.getElementById("idle").dataset, minutes = Number(said.minutes);
  if (!minutes) return;
  let last = Date.now(), told = Date.now();
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["x-csrftoken"] || "";
  const lock = () => location.assign(said.lock + "?next=" + encodeURIComponent(location.pathname + location.search));
  const here = () => {
    last = Date.now();
    if (last - told < 60000) return;
    told = last;
    fetch(said.seen, { method: "POST", headers: { "x-csrftoken": token() }, redirect: "manual" })
      .then((answer) => { if (answer.type === "opaqueredirect") lock(); }).catch(() => {});
  };
  ["keydown", "pointerdown", "pointermove", "scroll", "touchstart"].forEach((kind) =>
    addEventListener(kind, here, { passive: true, capture: true }));
  setInterval(() => { if (Date.now() - last > minutes * 60000) lock(); }, 10000);
})();
