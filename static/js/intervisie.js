/* A running session: asks what is new, shows it without losing what was typed, counts the timer
   down, moves the scherm by keyboard. The only script of its pages, which also work without it, with
   their link "Ververs". The contract is the list in docs/data-attributes.md. */
(() => {
  "use strict";
  // milliseconds
  const SOONEST = 1500;
  const SPREAD = 500;
  const ASLEEP = 10000;
  const TROUBLE = 4000;
  const PATIENCE = 8000;
  const place = () => document.querySelector("[data-live]");
  if (!place()) return;

  let waiting = 0;
  let asking = false;
  let sending = 0; // when a form was sent; 0: none is on its way
  let shown = "";

  /* ---- sending ----
     A second press within a few seconds sends nothing. After that the form is free again and the page
     goes on asking, whatever became of the request: a lock must have an end. */

  function isSending() {
    if (Date.now() - sending > PATIENCE) sending = 0;
    return sending > 0;
  }

  function beginSending(form) {
    sending = Date.now();
    form.setAttribute("aria-busy", "true");
    setTimeout(() => {
      form.removeAttribute("aria-busy");
      trouble(true); // the page is still here, so no answer came
      ask();
    }, PATIENCE);
  }

  /* ---- asking ---- */

  // Safari before 16 and Chrome before 103 lack AbortSignal.timeout
  function giveUpAfter(milliseconds) {
    if (AbortSignal.timeout) return AbortSignal.timeout(milliseconds);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), milliseconds);
    return controller.signal;
  }

  const pause = () => (document.hidden ? ASLEEP : SOONEST) + Math.random() * SPREAD;

  function askLater(milliseconds) {
    clearTimeout(waiting);
    if (place().dataset.nu) waiting = setTimeout(ask, milliseconds);
  }

  async function ask() {
    const { nu, gezien } = place().dataset;
    if (!nu || asking) return;
    if (isSending()) return askLater(pause());
    asking = true;
    let next = pause();
    try {
      const address = `${nu}?seen=${encodeURIComponent(gezien)}`;
      const answer = await fetch(address, { cache: "no-store", signal: giveUpAfter(PATIENCE) });
      if (answer.redirected || answer.status === 205) return location.reload();
      const html = answer.status === 204 ? "" : await answer.text();
      const isTrouble = answer.status >= 500 || answer.status === 429;
      if (html && !isTrouble && !isSending()) show(html);
      trouble(isTrouble);
      if (isTrouble) next += TROUBLE;
    } catch {
      trouble(true);
      next += TROUBLE;
    } finally {
      asking = false;
      askLater(next);
    }
  }

  function trouble(is) {
    for (const words of document.querySelectorAll("[data-verbinding]")) words.hidden = !is;
  }

  /* ---- showing ---- */

  /* What the fragment says, apart from what differs at every question. */
  const lasting = (element) =>
    element.outerHTML
      .replace(/(name="csrf_token" value=")[^"]*/g, "$1")
      .replace(/data-gezien="[^"]*"/, "")
      .replace(/data-tijd="\d+"/g, "")
      .replace(/(data-tijd-tekst="">)[^<]*/g, "$1");

  // D-50
  function show(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.querySelector("[data-live]");
    const old = place();
    if (!fresh) return location.reload();
    const looks = lasting(fresh);
    if (looks === shown) {
      old.dataset.gezien = fresh.dataset.gezien;
      takeOverTimers(old, fresh);
      return;
    }
    shown = looks;
    const typed = typedIn(old);
    const unfolded = [...old.querySelectorAll("details[open] > summary")];
    const open = new Set(unfolded.map((summary) => summary.textContent));
    const focus = focusIn(old);
    old.replaceWith(fresh);
    putBack(fresh, typed, open);
    if (focus) (focus.find(fresh) ?? heading(fresh)).focus({ preventScroll: true });
    tell(fresh);
    startTimers();
    makeLeaves();
  }

  /* A field is known by its form's data-vorm and its name: what was typed for one vote never lands
     in the next. */
  const FIELDS = "form[data-vorm] :is(input:not([type=hidden]), textarea, select)";
  const fields = (within) => [...within.querySelectorAll(FIELDS)];
  const choiceOf = (element) => (element.type === "radio" ? element.value : "");
  const fieldKey = (field) => `${field.form?.dataset.vorm}/${field.name}/${choiceOf(field)}`;

  function isChanged(field) {
    if (field.type === "radio") return field.checked;
    if (field.options) return !field.selectedOptions[0]?.defaultSelected;
    return field.value !== field.defaultValue;
  }

  function typedIn(within) {
    const changed = fields(within).filter(isChanged);
    return new Map(changed.map((field) => [fieldKey(field), field.value]));
  }

  function putBack(within, typed, open) {
    for (const field of fields(within)) {
      if (!typed.has(fieldKey(field))) continue;
      if (field.type === "radio") field.checked = true;
      else field.value = typed.get(fieldKey(field));
    }
    for (const summary of within.querySelectorAll("details > summary")) {
      if (open.has(summary.textContent)) summary.parentElement.open = true;
    }
  }

  const FOCUSABLE = "a, button, input, textarea, select, summary, [tabindex]";

  function nameOf(element) {
    const { tagName, id, name, textContent } = element;
    return [tagName, id, name ?? "", choiceOf(element), textContent].join("/");
  }

  function focusIn(within) {
    const active = document.activeElement;
    if (!within.contains(active)) return null;
    const name = nameOf(active);
    const { selectionStart: start, selectionEnd: end } = active;
    function find(fresh) {
      const candidates = [...fresh.querySelectorAll(FOCUSABLE)];
      const same = candidates.find((element) => nameOf(element) === name);
      if (same && typeof start === "number" && same.setSelectionRange && same.type !== "date") {
        requestAnimationFrame(() => same.setSelectionRange(start, end));
      }
      return same;
    }
    return { find };
  }

  function heading(within) {
    const found = within.querySelector("h1, h2") ?? within;
    found.tabIndex = -1;
    return found;
  }

  function tell(within) {
    const region = document.getElementById("melding");
    const words = within.querySelector("[data-melding]")?.textContent.trim();
    if (region && words && region.textContent !== words) region.textContent = words;
  }

  /* ---- timer ---- */

  const two = (number) => String(number).padStart(2, "0");

  function startTimers() {
    for (const timer of document.querySelectorAll("[data-tijd]")) {
      timer.kkEnd = Date.now() + timer.dataset.tijd * 1000;
    }
    tickTimers();
  }

  /* All is the same but for the time: it was set anew, or this device's clock drifted. */
  function takeOverTimers(old, fresh) {
    const timers = [...old.querySelectorAll("[data-tijd]")];
    [...fresh.querySelectorAll("[data-tijd]")].forEach((timer, place) => {
      timers[place].dataset.tijd = timer.dataset.tijd;
    });
    startTimers();
  }

  function tickTimers() {
    for (const timer of document.querySelectorAll("[data-tijd]")) {
      const left = Math.max(0, Math.round((timer.kkEnd - Date.now()) / 1000));
      const words = left ? `${two(Math.floor(left / 60))}:${two(left % 60)}` : timer.dataset.om;
      const text = timer.querySelector("[data-tijd-tekst]");
      if (text.textContent !== words) text.textContent = words;
    }
  }

  /* ---- many reasons on the scherm: as many as fit, the rest on next pages ---- */

  const known = new Set();
  let leaves = [];
  let leaf = 0;
  const REASONS = ".ki-scherm [data-blader] > [data-reden]";

  // D-40
  function makeLeaves() {
    const items = [...document.querySelectorAll(REASONS)];
    const panel = items[0]?.closest(".ki-paneel");
    const foot = panel?.querySelector(".ki-blader");
    const before = leaves[leaf]?.[0]?.dataset.reden;
    leaves = [];
    if (!foot) return;
    for (const item of items) item.hidden = false;
    foot.hidden = true;
    if (panel.scrollHeight > panel.clientHeight) {
      foot.hidden = false;
      leaves = divided(items, panel.clientHeight - takenIn(panel, foot));
    }
    const ids = items.map((item) => item.dataset.reden);
    const fresh = known.size ? [...ids].reverse().find((id) => !known.has(id)) : undefined;
    for (const id of ids) known.add(id);
    const wanted = fresh ?? before; // the last one let through is always in view
    const holds = (page) => page.some((item) => item.dataset.reden === wanted);
    leaf = Math.max(0, leaves.findIndex(holds));
    showLeaf(0);
  }

  function takenIn(panel, foot) {
    const { paddingTop, paddingBottom, rowGap } = getComputedStyle(panel);
    const sizes = [paddingTop, paddingBottom, rowGap].map(parseFloat);
    return sizes.reduce((sum, size) => sum + size, foot.offsetHeight);
  }

  /* Items by page, as many on each as fit in this height. */
  function divided(items, height) {
    const pages = [];
    let top = 0;
    for (const item of items) {
      if (!pages.length || item.offsetTop + item.offsetHeight - top > height) {
        pages.push([]);
        top = item.offsetTop;
      }
      pages[pages.length - 1].push(item);
    }
    return pages;
  }

  function showLeaf(by) {
    if (leaves.length < 2) return;
    leaf = (leaf + by + leaves.length) % leaves.length;
    const items = leaves.flat();
    for (const item of items) item.hidden = !leaves[leaf].includes(item);
    const first = items.indexOf(leaves[leaf][0]) + 1;
    const last = first + leaves[leaf].length - 1;
    const shown = first === last ? first : `${first} tot ${last}`;
    const words = document.querySelector(".ki-blader > span");
    words.textContent = `${shown} van ${items.length} redenen`;
  }

  /* ---- the scherm by keyboard ---- */

  const NEXT = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1 };
  const BACK = { ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  const TURNS = { ...NEXT, ...BACK };
  const SCROLLS = { ArrowDown: 0.25, ArrowUp: -0.25, PageDown: 0.9, PageUp: -0.9, " ": 0.9 };

  function moveScreen(event) {
    const panel = document.querySelector(".ki-scherm .ki-paneel");
    const presses = event.key === " " && event.target.closest("button");
    if (event.altKey || event.ctrlKey || event.metaKey || presses) return;
    const turn = TURNS[event.key];
    if (turn && leaves.length > 1) {
      event.preventDefault();
      showLeaf(turn);
      return;
    }
    if (event.key.toLowerCase() === "f") {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen?.();
      return;
    }
    const by = SCROLLS[event.key];
    if (!panel || by === undefined) return;
    event.preventDefault();
    panel.scrollBy({ top: by * panel.clientHeight });
  }

  /* ---- beginning ---- */

  document.addEventListener("submit", (event) => {
    if (isSending()) return event.preventDefault(); // a double click sends once
    beginSending(event.target);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  addEventListener("pageshow", (event) => {
    sending = 0;
    if (event.persisted) location.reload();
  });
  addEventListener("online", ask);
  if (document.querySelector(".ki-scherm")) {
    document.addEventListener("keydown", moveScreen);
    document.addEventListener("click", (event) => {
      showLeaf(Number(event.target.dataset?.bladerNaar ?? 0));
    });
    addEventListener("resize", makeLeaves);
    document.fonts.ready.then(makeLeaves);
  }

  document.querySelector("[data-focus]")?.focus();
  shown = lasting(place());
  // it says why something was refused: the next answer takes its place
  if (place().dataset.kalm === undefined) shown = "";
  setInterval(tickTimers, 500);
  startTimers();
  askLater(pause());
})();
