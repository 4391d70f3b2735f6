/* The phone form of a check at a site. What is entered is kept on the phone until the server has it:
   readings in localStorage, photos in IndexedDB; sent again whenever there is a net, each under its own key. */
(() => {
  const walk = document.getElementById("walk");
  if (!walk) return;
  const user = document.body.dataset.user, prefix = `walk:${walk.dataset.check}:${user}`;
  const forms = [...walk.querySelectorAll("form[data-item]")], all = document.getElementById("all");
  const net = document.getElementById("net"), far = document.getElementById("far"), bar = document.getElementById("bar");
  const answered = new Set(forms.filter((form) => !form.querySelector("[data-was]").hidden).map((form) => form.dataset.item));
  let sending = false, trouble = "";

  /* ── what waits on the phone ── */
  const read = (key, otherwise) => { try { return JSON.parse(localStorage.getItem(key)) || otherwise; } catch (broken) { return otherwise; } };
  const queue = () => read(`${prefix}:queue`, []);
  const setQueue = (entries) => localStorage.setItem(`${prefix}:queue`, JSON.stringify(entries));
  const drafts = () => read(`${prefix}:drafts`, {});
  function setDraft(item, values) {
    const kept = drafts();
    if (values) kept[item] = values; else delete kept[item];
    localStorage.setItem(`${prefix}:drafts`, JSON.stringify(kept));
  }
  const shelf = () => new Promise((done, failed) => {
    const asked = indexedDB.open("jigai-walk", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  async function onShelf(mode, act) {
    const held = await shelf();
    return new Promise((done, failed) => {
      const work = held.transaction("photos", mode), asked = act(work.objectStore("photos"));
      work.oncomplete = () => { held.close(); done(asked.result); };
      work.onerror = work.onabort = () => { held.close(); failed(work.error); };
    });
  }

  /* ── showing ── */
  const values = (form) => Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/^(csrfmiddlewaretoken|item)$/.test(name) && value));
  function fill(form, kept) {
    Object.entries(kept).forEach(([name, value]) => {
      const field = form.elements[name];
      if (!field) return;
      if (name === "found") [...form.querySelectorAll("[name=found]")].forEach((one) => { one.checked = one.value === value; });
      else field.value = value;
    });
    open(form);
  }
  function open(form) {
    const chosen = form.querySelector("[name=found]:checked");
    form.querySelector(".walk__values").hidden = Boolean(chosen) && !("values" in chosen.dataset);
  }
  function show(item) {
    const wanted = forms.find((form) => form.dataset.item === String(item));
    forms.forEach((form) => form.classList.toggle("on", form === wanted));
    all.hidden = Boolean(wanted);
    if (wanted) history.replaceState(null, "", `#d${item}`);
    walk.querySelector(".walk__list").open = false;
    window.scrollTo(0, 0);
  }
  function next(after) {
    const from = forms.findIndex((form) => form.dataset.item === after) + 1;
    const order = [...forms.slice(from), ...forms.slice(0, from)];
    const wanted = order.find((form) => !answered.has(form.dataset.item) && form.dataset.item !== after);
    show(wanted ? wanted.dataset.item : "");
  }
  function mark(item, text) {
    const form = forms.find((one) => one.dataset.item === String(item)), was = form && form.querySelector("[data-was]");
    if (!form) return;
    answered.add(String(item));
    was.hidden = false;
    was.textContent = text;
    walk.querySelector(`[data-mark="${item}"]`).textContent = text.split(" · ")[0];
  }
  function wrong(item, texts) {
    const box = forms.find((one) => one.dataset.item === String(item)).querySelector("[data-wrong]");
    box.hidden = !texts.length;
    box.textContent = texts.join(" ");
  }
  function tell() {
    const waiting = queue().length;
    const away = !navigator.onLine && walk.dataset.offline;
    net.textContent = trouble || [away, waiting ? `${waiting} ${walk.dataset.unsent}` : !away && walk.dataset.sent].filter(Boolean).join(" · ");
    net.className = `walk__net small s-${trouble ? "stop" : waiting || away ? "warn" : "ok"}`;
  }
  function progress(told) {
    const here = new Set([...queue().map((entry) => entry.item)]);
    const done = Math.min(told.total, told.done + [...here].filter((item) => !(told.items || []).some((one) => String(one.pk) === item)).length * (told.items ? 1 : 0));
    far.textContent = `${done}/${told.total}`;
    bar.max = told.total;
    bar.value = done;
  }
  const said = (one) => [one.word + (one.contested ? " !" : ""), `${one.at} ${one.by}`].join(" · ");

  /* ── sending ── */
  async function send(entry) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", walk.querySelector("[name=csrfmiddlewaretoken]").value);
    ["item", "key", "read_at"].forEach((name) => body.set(name, entry[name]));
    Object.entries(entry.values).forEach(([name, value]) => body.set(name, value));
    const shots = entry.shots ? (await onShelf("readonly", (photos) => photos.get(entry.key))) || [] : [];
    shots.forEach((shot) => body.append("photos", shot.blob, shot.name));
    return fetch(walk.dataset.answer, { method: "POST", body, headers: { "X-Walk": "1" }, redirect: "manual" });
  }
  async function flush() {
    if (sending || !queue().length || !user) return tell();
    sending = true;
    try {
      while (queue().length) {
        const entry = queue()[0], answer = await send(entry);
        if (answer.ok || answer.status === 422) {
          const told = await answer.json();
          setQueue(queue().filter((one) => one.key !== entry.key));
          trouble = "";
          if (answer.ok) {
            if (entry.shots) await onShelf("readwrite", (photos) => photos.delete(entry.key));
            mark(entry.item, said(told.item));
            wrong(entry.item, []);
            progress(told);
          } else {  // what was typed comes back into its form, with the reason
            setDraft(entry.item, entry.values);
            fill(forms.find((form) => form.dataset.item === entry.item), entry.values);
            answered.delete(entry.item);
            wrong(entry.item, [walk.dataset.failed, ...Object.values(told.errors).flat()]);
            show(entry.item);
          }
        } else if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 401) {
          trouble = walk.dataset.signin;
          break;
        } else throw new Error(String(answer.status));
      }
    } catch (unreachable) {
      // Kept; the next round tries again.
    } finally {
      sending = false;
      tell();
    }
  }
  async function look() {
    if (!navigator.onLine || document.hidden) return;
    try {
      const answer = await fetch(walk.dataset.progress, { headers: { "X-Background": "1" }, redirect: "manual" });
      if (!answer.ok) return;
      const told = await answer.json();
      const mine = new Set(queue().map((entry) => entry.item));
      told.items.filter((one) => !mine.has(String(one.pk))).forEach((one) => mark(one.pk, said(one)));
      progress(told);
    } catch (unreachable) {
      // The next round tells.
    }
  }

  forms.forEach((form) => {
    const item = form.dataset.item, shots = form.querySelector("[type=file]"), count = form.querySelector("[data-shots]");
    let taken = [];
    fill(form, drafts()[item] || {});
    form.addEventListener("input", () => { open(form); setDraft(item, values(form)); });
    shots.addEventListener("change", () => {
      taken = [...taken, ...[...shots.files].map((file) => ({ blob: file, name: file.name }))];
      shots.value = "";
      count.textContent = taken.length ? `× ${taken.length}` : "";
    });
    form.querySelector("[data-skip]").addEventListener("click", () => next(item));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const key = (crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random()).replace(/\W/g, "").slice(0, 32);
      const entry = { key, item, values: values(form), read_at: new Date().toISOString(), shots: taken.length };
      try {
        if (taken.length) await onShelf("readwrite", (photos) => photos.put(taken, key));
        setQueue([...queue(), entry]);
      } catch (full) {
        return wrong(item, [walk.dataset.broken]);
      }
      setDraft(item, null);
      taken = [];
      count.textContent = "";
      const chosen = form.querySelector("[name=found]:checked");
      if (chosen) mark(item, chosen.nextElementSibling.textContent);
      next(item);
      tell();
      flush();
    });
  });
  walk.addEventListener("click", (event) => {
    const link = event.target.closest("[data-go]");
    if (!link) return;
    event.preventDefault();
    show(link.dataset.go);
  });
  window.addEventListener("online", () => { tell(); flush(); });
  window.addEventListener("offline", tell);
  setInterval(flush, 5000);
  setInterval(look, 15000);
  queue().forEach((entry) => mark(entry.item, walk.dataset.offline));
  walk.classList.add("scripted");
  const asked = location.hash.slice(2);
  if (forms.some((form) => form.dataset.item === asked)) show(asked); else next("");
  tell();
  flush();
  look();
})();
