/* Sign-in pages: the credit code is checked while it is typed, the lock-out counts down, a link is copied. */
(function () {
  "use strict";
  const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const right = (code) => {
    let sum = 0, weight = 1;
    for (let i = 0; i < 17; i++) { sum += ALPHABET.indexOf(code[i]) * weight; weight = weight * 3 % 31; }
    return ALPHABET[(31 - sum % 31) % 31] === code[17];
  };
  document.querySelectorAll("[data-credit-code]").forEach((field) => {
    const words = document.getElementById("credit-code-words");
    if (!words) return;
    const hint = document.createElement("div");
    hint.setAttribute("aria-live", "polite");
    field.insertAdjacentElement("afterend", hint);
    const check = () => {
      const code = field.value.normalize("NFKC").toUpperCase().replace(/[\s\-–—]/g, "");
      const odd = [...code].find((one) => !ALPHABET.includes(one));
      hint.className = "help";
      if (!code) hint.textContent = "";
      else if (odd) { hint.className = "wrong"; hint.textContent = words.dataset.odd.replace("{one}", odd); }
      else if (code.length < 18) hint.textContent = words.dataset.left.replace("{n}", 18 - code.length);
      else if (code.length > 18 || !right(code)) { hint.className = "wrong"; hint.textContent = words.dataset.wrong; }
      else { hint.className = "good"; hint.textContent = words.dataset.good; }
    };
    field.addEventListener("input", check);
    if (field.value && !field.hasAttribute("aria-invalid")) check();
  });
  document.querySelectorAll("[data-seconds]").forEach((place) => {
    const end = Date.now() + Number(place.dataset.seconds) * 1000;
    const tick = () => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      place.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
      if (left) setTimeout(tick, 1000);
      else { const again = document.querySelector("[data-again]"); if (again) again.hidden = false; }
    };
    tick();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.copied;
  });
})();
