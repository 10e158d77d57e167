/* What is typed in a form: it waits in this tab until it arrived, and a field says how much room is
   left. Every page also works without this file. What waits is sealed for whoever typed it, is
   opened by the same form alone, and goes after an hour. The contract is the list in
   docs/data-attributes.md. */
(() => {
  "use strict";
  const BREATH = 400; // milliseconds after the last key
  const TWICE = 2000; // milliseconds between two presses that are one
  const FIELDS = "input:not([type=hidden], [type=password]), textarea, select";

  const { TYPED, sealed, opened, keys, read, write, erase } = kkZegel;

  const ownKey = () => document.body.dataset.zegel;
  const forms = () => document.querySelectorAll("form[data-getypt]");
  const fields = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.name);
  const isTicked = (field) => ["radio", "checkbox"].includes(field.type);

  /* Which form it is: its address, and for a vote which one. */
  const keyOf = (form) => `${TYPED}${form.getAttribute("action")} ${form.dataset.vorm ?? ""}`;

  /* ---- what waits ---- */

  const sent = new Set(); // keys of forms on their way

  function isChanged(field) {
    if (isTicked(field)) return field.checked !== field.defaultChecked;
    if (field.options) return !field.selectedOptions[0]?.defaultSelected;
    return field.value !== field.defaultValue;
  }

  // D-70
  async function keepTyped(form) {
    const key = keyOf(form);
    if (!ownKey()) return;
    // once it is sent also what an earlier answer had filled in
    const toKeep = fields(form).filter((field) => sent.has(key) || isChanged(field));
    if (!toKeep.length) return erase(key);
    const values = toKeep.map((field) => [field.name, field.value, field.checked ?? false]);
    try {
      const by = await sealed(values, ownKey());
      if (form.isConnected) write(key, { at: Date.now(), from: location.href, sent: sent.has(key), ...by });
    } catch {
      /* no safe connection: then nothing waits */
    }
  }

  /* At every key, for a page may go at any moment, and sealing cannot end after that. One after another:
     what was typed last is what stays. */
  const due = new WeakSet(); // forms that wait for their turn
  let keeping = Promise.resolve();

  function keepAtOnce(form) {
    if (due.has(form)) return;
    due.add(form);
    keeping = keeping.then(() => {
      due.delete(form);
      return keepTyped(form);
    });
  }

  /* Where its page has the form no longer there is nothing to wait for, as after a vote. */
  function eraseWhatHasNoForm() {
    const here = new Set([...forms()].map(keyOf));
    for (const key of keys()) {
      if (!here.has(key) && read(key)?.from === location.href) erase(key);
    }
  }

  async function putBack(form) {
    const record = read(keyOf(form));
    if (!record || !ownKey()) return;
    try {
      fillIn(form, await opened(record, ownKey()));
    } catch {
      erase(keyOf(form)); // someone else's
    }
  }

  function fillIn(form, values) {
    const filled = values.filter(([name, value, checked]) => {
      const field = fields(form).find(
        (one) => one.name === name && (!isTicked(one) || one.value === value),
      );
      if (!field || isChanged(field)) return false;
      if (isTicked(field)) field.checked = checked;
      else field.value = value;
      field.closest("details")?.setAttribute("open", "");
      return isChanged(field);
    });
    if (!filled.length) return;
    const told = document.createElement("p");
    told.className = "kk-quiet";
    told.textContent = form.dataset.getypt;
    form.prepend(told);
    kkSay(told.textContent);
    form.querySelectorAll("[data-ruimte]").forEach(showRoom);
  }

  /* ---- how much room is left, counted as the server counts ---- */

  const UNSEEN =
    /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

  function lengthOf(field) {
    const text = field.value.replace(UNSEEN, "").normalize("NFC").trim();
    const counted = field.dataset.regels !== undefined ? text : text.replace(/\s+/g, " ");
    return [...counted].length;
  }

  const characters = (number) => `${number} ${number === 1 ? "teken" : "tekens"}`;

  function roomIn(field) {
    const left = field.dataset.ruimte - lengthOf(field);
    const words = left < 0 ? `${characters(-left)} te veel.` : `Nog ${characters(left)}.`;
    return { left, words };
  }

  function showRoom(field) {
    const place = document.getElementById(`${field.id}-ruimte`);
    const { left, words } = roomIn(field);
    if (!place) return;
    if (field.tagName === "INPUT") place.hidden = left > field.dataset.ruimte / 4;
    place.textContent = words;
    place.classList.toggle("kk-too-long", left < 0);
  }

  /* Aloud when the typing rests, and only where room is getting short. */
  function tellRoom(field) {
    const { left, words } = roomIn(field);
    if (left <= 20) kkSay(words);
  }

  /* ---- beginning ---- */

  const waiting = new WeakMap(); // form -> its timer

  document.addEventListener("input", ({ target }) => {
    if (target.dataset.ruimte) showRoom(target);
    clearTimeout(waiting.get(target.form));
    const later = () => {
      if (target.dataset.ruimte && target === document.activeElement) tellRoom(target);
    };
    if (target.form) waiting.set(target.form, setTimeout(later, BREATH));
    if (target.form?.matches("form[data-getypt]")) keepAtOnce(target.form);
    // own words wait with the choice that they go with (js/kopkrakers.js)
    if (target.matches("form[data-keuze] textarea")) {
      target.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  let look = null; // a button that was pressed and sends nothing of what was typed
  let clicked = null; // the last button; Enter in a field clicks one too

  document.addEventListener("click", (event) => {
    look = event.target.closest("[data-verstuurt-niet]");
    clicked = event.target.closest("button");
  });

  /* A button that is pressed twice in a row sends once: a thing is not said twice for want of patience. */
  let last = {};

  function isTwice(event) {
    const { target, timeStamp } = event;
    const button = event.submitter ?? clicked; // Safari before 15.4 names none
    const before = last;
    last = { target, button, timeStamp };
    const isSame = before.target === target && before.button === button;
    return isSame && timeStamp - before.timeStamp < TWICE;
  }

  document.addEventListener("submit", (event) => {
    const { target } = event;
    if (!target.matches("form[data-getypt]")) return;
    if (isTwice(event)) return event.preventDefault();
    const key = keyOf(target);
    clearTimeout(waiting.get(target));
    if (look?.form !== target) sent.add(key);
    const before = read(key);
    if (before) write(key, { ...before, sent: sent.has(key) }); // the page may be gone before it is sealed
    keepAtOnce(target);
  });

  // another script sent it, and the page stayed
  document.addEventListener("kk-binnen", ({ target }) => {
    sent.delete(keyOf(target));
    erase(keyOf(target));
  });

  addEventListener("pageshow", () => {
    sent.clear();
    last = {};
  });
  eraseWhatHasNoForm();
  const page = document.getElementById("inhoud");
  new MutationObserver(eraseWhatHasNoForm).observe(page, { childList: true });
  forms().forEach(putBack);
})();
