/* A running session: asks what is new, shows it without losing what was typed or pressed, counts
   the timer down. Its pages also work without it, with their link "Ververs".
   The contract is the list in docs/data-attributes.md. */
(() => {
  "use strict";
  // milliseconds
  const SOONEST = 1500;
  const SPREAD = 500;
  const ASLEEP = 10000;
  const TROUBLE = 4000;
  const PATIENCE = 8000;
  const TOO_SOON = "Je vorige druk is nog onderweg. Wacht even, en druk dan nog een keer.";
  const place = () => document.querySelector("[data-live]");
  if (!place()) return;

  let waiting = 0;
  let asking = false;
  // the other tabs of this page: a phone that voted in one of them says so in all
  const tabs = window.BroadcastChannel ? new BroadcastChannel(`kk ${location.pathname}`) : null;
  let pressed = null; // the press that was not answered yet
  let resending = 0;
  let isWaiting = false;
  let isTroubled = false;
  let cause = ""; // what the server says is the trouble; empty: the connection
  let refusal = ""; // why the last press was refused, until the next one
  let shown = "";

  /* ---- sending ----
     A press stays on the page. It is sent until an answer comes, with what was typed at that moment;
     the server does each thing once, however often it is asked. Pressed again while it waits, it goes
     at once, with what stands in the fields now. */

  const BUSY = new Set([408, 429, 502, 503, 504]);
  const bodyOf = (press) => press.fields.toString();

  function fieldsOf(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.append(button.name, button.value);
    return fields;
  }

  let clicked = null; // the last button; Enter in a field clicks one too

  // Safari before 15.4 names no button in the event, or lacks the property
  const buttonOf = (event) => event.submitter ?? (clicked?.form === event.target ? clicked : null);

  function newPress(form, button) {
    const to = button?.getAttribute("formaction") ?? form.getAttribute("action");
    return { form, to, fields: fieldsOf(form, button), tries: 0, isUnderway: false };
  }

  function press(event) {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    const before = pressed;
    const fresh = newPress(form, buttonOf(event));
    const isSame = before?.to === fresh.to && bodyOf(before) === bodyOf(fresh);
    if (before?.isUnderway) return isSame ? undefined : tooSoon(); // a double click sends once
    refusal = "";
    pressed = fresh;
    if (isSame) pressed.tries = before.tries;
    send(pressed);
  }

  /* Not kept for later: what it was about may be another thing by then. */
  function tooSoon() {
    refusal = TOO_SOON;
    trouble(isTroubled, cause);
    kkSay(refusal);
  }

  async function send(one) {
    clearTimeout(resending);
    one.isUnderway = true;
    one.tries += 1;
    one.form.setAttribute("aria-busy", "true");
    place().classList.add("ki-bezig"); // until there is an answer a press on anything else is too soon
    let answer;
    try {
      const signal = giveUpAfter(PATIENCE);
      answer = await fetch(one.to, { method: "POST", body: one.fields, signal });
      const html = await answer.text();
      await kkPress.untilLetGo();
      const isPage = html.includes("data-live");
      if (!isPage && BUSY.has(answer.status)) answer = undefined;
      else arrive(one, answer, html);
    } catch {
      answer = undefined;
      await kkPress.untilLetGo(); // what is said of it moves the page
    } finally {
      one.isUnderway = false;
      one.form.removeAttribute("aria-busy");
      place().classList.remove("ki-bezig");
    }
    if (answer) return;
    resending = setTimeout(send, TROUBLE, one);
    underway(true);
  }

  /* The second time a thing is asked, the first may have been done and its reply lost: then a refusal
     says nothing new, and the page is asked where the group is. */
  function arrive(one, answer, html) {
    const isElsewhere = new URL(answer.url).pathname !== location.pathname;
    pressed = null;
    refusal = "";
    tabs?.postMessage("pressed");
    if (answer.ok) one.form.dispatchEvent(new CustomEvent("kk-binnen", { bubbles: true }));
    underway(false);
    trouble(false);
    if (answer.redirected && isElsewhere) return location.assign(answer.url);
    if (one.tries > 1 && answer.status === 409) {
      place().dataset.gezien = "";
      return ask();
    }
    if (!html.includes("data-live")) return refuse(html);
    const seal = /data-zegel="(\w+)"/.exec(html)?.[1];
    if (seal) document.body.dataset.zegel = seal; // of the place that this press gave
    const step = place().dataset.stap;
    show(html, !answer.ok);
    if (step !== place().dataset.stap) scrollTo(0, 0);
  }

  /* A page that only says why: it stands beside the form, in which nothing is lost. */
  function refuse(html) {
    refusal = kkCauseIn(html);
    if (!refusal) return location.reload();
    trouble(false);
    kkSay(refusal);
  }

  function underway(is) {
    for (const words of document.querySelectorAll("[data-onderweg]")) words.hidden = !is;
    if (is && !isWaiting) kkSay(document.querySelector("[data-onderweg]")?.textContent);
    isWaiting = is;
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
    if (pressed?.isUnderway) return askLater(pause());
    asking = true;
    let next = pause();
    try {
      const address = `${nu}?seen=${encodeURIComponent(gezien)}`;
      let answer = await fetch(address, { cache: "no-store", signal: giveUpAfter(PATIENCE) });
      const lacksCookie = answer.status === 205;
      if (answer.redirected || (lacksCookie && !refusal)) return location.reload();
      // a reload gives the cookie too, but would wipe what was said of the refusal
      if (lacksCookie) {
        shown = ""; // its forms have tokens of that cookie
        answer = await fetch(location.href, { signal: giveUpAfter(PATIENCE) });
      }
      const html = answer.status === 204 ? "" : await answer.text();
      const isTrouble = answer.status >= 500 || answer.status === 429;
      await kkPress.untilLetGo();
      if (html && !isTrouble && !pressed?.isUnderway) show(html);
      trouble(isTrouble, isTrouble ? kkCauseIn(html) : "");
      if (isTrouble) next += TROUBLE;
    } catch {
      await kkPress.untilLetGo();
      trouble(true);
      next += TROUBLE;
    } finally {
      asking = false;
      askLater(next);
    }
  }

  const usualCause = document.querySelector("[data-verbinding]")?.textContent;

  function trouble(is, why = "") {
    const isNews = is !== isTroubled && !isWaiting;
    isTroubled = is;
    cause = why;
    const hidden = !(is || refusal) || isWaiting; // of two sentences one is enough
    for (const words of document.querySelectorAll("[data-verbinding]")) {
      words.hidden = hidden;
      words.textContent = refusal || cause || usualCause;
    }
    if (isNews) kkSay(is ? cause || usualCause : toldNow(place()));
  }

  /* ---- showing ---- */

  /* What the fragment says, apart from what differs at every question. */
  const lasting = (element) =>
    element.outerHTML
      .replace(/(name="csrf_token" value=")[^"]*/g, "$1")
      .replace(/data-gezien="[^"]*"/, "")
      .replace(/data-bladen="\d+"/, "")
      .replace(/data-tijd="\d+"/g, "")
      .replace(/(data-tijd-tekst="">)[^<]*/g, "$1");

  // D-50
  function show(html, isRefused = false) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.querySelector("[data-live]");
    const old = place();
    if (!fresh) return location.reload();
    if (isRefused) showBeside(old, holder.content);
    const looks = lasting(fresh);
    if (looks === shown) {
      old.dataset.gezien = fresh.dataset.gezien;
      takeOverTimers(old, fresh);
      const known = fresh.querySelector("[data-bladen]")?.dataset.bladen;
      if (known) old.querySelector("[data-bladen]").dataset.bladen = known;
      document.dispatchEvent(new CustomEvent("kk-getoond", { detail: { isSame: true } }));
      return;
    }
    shown = looks;
    if (fresh.dataset.titel) document.title = fresh.dataset.titel;
    const typed = typedIn(old);
    const unfolded = [...old.querySelectorAll("details[open] > summary")];
    const open = new Set(unfolded.map((summary) => summary.textContent));
    const focus = focusIn(old);
    old.replaceWith(fresh);
    putBack(fresh, typed, open);
    const called = isRefused && fresh.querySelector("[data-focus]");
    if (called) called.focus();
    else if (focus) (focus.find(fresh) ?? heading(fresh)).focus({ preventScroll: true });
    if (fresh.dataset.kalm === undefined) shown = ""; // the next answer takes its place
    underway(isWaiting);
    trouble(isTroubled, cause);
    tell(fresh);
    startTimers();
    document.dispatchEvent(new CustomEvent("kk-getoond", { detail: { isSame: false } }));
  }

  /* What a refusal gives back beside the fragment: it stays when the session goes on. */
  function showBeside(old, content) {
    for (const was of document.querySelectorAll("#inhoud > :not([data-live])")) was.remove();
    old.after(...content.querySelectorAll("#inhoud > :not([data-live])"));
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
      field.dispatchEvent(new Event("input", { bubbles: true })); // how much room is left
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
    const near = [];
    for (let at = active.parentElement; at !== within.parentElement; at = at.parentElement) {
      if (at.id) near.push(at.id);
    }
    const { selectionStart: start, selectionEnd: end } = active;
    function find(fresh) {
      const candidates = [...fresh.querySelectorAll(FOCUSABLE)];
      const same = candidates.find((element) => nameOf(element) === name);
      if (same && typeof start === "number" && same.setSelectionRange && same.type !== "date") {
        requestAnimationFrame(() => same.setSelectionRange(start, end));
      }
      return same ?? nearBy(near);
    }
    return { find };
  }

  /* What was pressed is gone: its place is not, so whoever goes by keyboard goes on from there. */
  function nearBy(ids) {
    const homes = ids.map((id) => document.getElementById(id));
    const home = homes.find((one) => one && !one.closest("details:not([open])"));
    const first = home?.querySelector("h2, button");
    if (first?.tagName === "H2") first.tabIndex = -1;
    return first;
  }

  function heading(within) {
    const found = within.querySelector("h1, h2") ?? within;
    found.tabIndex = -1;
    return found;
  }

  let told = ""; // what was read aloud last of what is going on

  const toldNow = (within) =>
    within.querySelector("[data-melding]")?.textContent.replace(/\s+/g, " ").trim() ?? "";

  function tell(fresh) {
    const words = toldNow(fresh);
    if (words !== told) kkSay(words);
    told = words;
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
      if (text.textContent === words) continue;
      text.textContent = words;
      if (!left) kkSay(words);
    }
  }

  /* A screen that goes dark in the middle of a conversation; asked anew after each pause of it. */
  function stayAwake() {
    if (document.hidden || !document.querySelector(".ki-scherm, .ki-status--lobby")) return;
    navigator.wakeLock?.request("screen").catch(() => {}); // forbidden, or on battery: no harm
  }

  /* ---- the regie by a hand presenter: it turns the pages of the scherm ---- */

  function turnByKey(event) {
    const isTyping = event.target.closest("input, textarea, select");
    const button = document.querySelector(`[data-toets="${event.key}"] button`);
    if (!button || isTyping || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    button.click();
  }

  /* ---- beginning ---- */

  document.addEventListener("submit", press);
  tabs?.addEventListener("message", () => {
    place().dataset.gezien = "";
    ask();
  });
  document.addEventListener("keydown", turnByKey);
  document.addEventListener("click", (event) => (clicked = event.target.closest("button")), true);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
    stayAwake();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.body.hidden = true; // another person may sit here by now
    location.reload();
  });
  addEventListener("online", () => {
    if (pressed && !pressed.isUnderway) send(pressed);
    ask();
  });
  document.querySelector("[data-focus]")?.focus();
  shown = lasting(place());
  told = toldNow(place());
  // it says why something was refused: the next answer takes its place
  if (place().dataset.kalm === undefined) shown = "";
  stayAwake();
  setInterval(tickTimers, 500);
  startTimers();
  askLater(pause());
})();
