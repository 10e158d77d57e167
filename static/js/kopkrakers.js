/* The own choice, which only this device may know: kept here and nowhere else.
   Every page also works without this file. Texts live in the templates; this file only shows,
   hides, keeps and erases. The contract is the list in docs/data-attributes.md. */
(() => {
  "use strict";
  const CHOICE = "kk.keuze.";
  const BAND = "kk.ervaring";
  const KEEP_DAYS = 14;
  const UNSENT = "kk.onverstuurd";
  const UNSENT_FOR = 36e5; // an hour
  const DAY = 864e5; // milliseconds

  const device = new Map(); // what this device keeps for this person, opened
  const locked = new Map(); // key -> choice of this person whose keys this page does not carry
  const editionKeys = new Map(); // key -> the keys of this fortnight and of the one before
  const shownThisVisit = new Map(); // key -> choice, so that it still shows after it was erased
  const typed = new Map(); // key -> what the form holds that the server never sees
  const asked = new WeakMap(); // htmx request -> the choice in it
  const unanswered = new Map(); // key -> the choice that was sent and never answered
  const underway = new Set(); // keys of choices on their way
  let justAnswered = null;

  /* ---- keeping and erasing ---- */

  const store = {
    read(key) {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write(key, text) {
      try {
        localStorage.setItem(key, text);
      } catch {
        /* forbidden or full: then nothing is kept */
      }
    },
    erase(key) {
      try {
        localStorage.removeItem(key);
      } catch {
        /* nothing there */
      }
    },
    keys() {
      try {
        return Object.keys(localStorage);
      } catch {
        return [];
      }
    },
  };

  /* What is kept is sealed with a key that only the pages of one person carry. A choice lies under a
     second lock within, whose keys only the pages of its edition carry, for 28 days. What cannot be
     opened here is erased. */

  const ownKey = () => document.body.dataset.zegel;

  // D-61
  function learnKeys() {
    for (const place of document.querySelectorAll("[data-zegel-van]")) {
      editionKeys.set(CHOICE + place.dataset.zegelVan, place.dataset.zegels.split(" "));
    }
  }

  const sealed = (value, key = ownKey()) => kkZegel.sealed(value, key);
  const opened = (kept, key = ownKey()) => kkZegel.opened(kept, key);

  const openedTwice = (within, key) =>
    Promise.any(editionKeys.get(key).map((by) => opened(within, by)));

  async function keep(key, value, clear = {}) {
    device.set(key, value);
    try {
      const within = key === BAND ? value : await sealed(value, editionKeys.get(key)[0]);
      const record = { ...clear, ...(await sealed(within)) };
      if (device.get(key) !== value) return; // erased meanwhile
      store.write(key, JSON.stringify(record));
      if (document.querySelector("[data-geteld-gezien]")) markSeen(key);
    } catch {
      /* no safe connection: then it is remembered on this page alone */
    }
  }

  const localDay = () => new Date().toLocaleDateString("sv"); // 2026-11-28

  function isFresh({ dag, gezien }) {
    const age = Date.now() - Date.parse(dag);
    const isInTime = age < KEEP_DAYS * DAY && age > -DAY; // a day in the future: the clock was wrong
    return isInTime && (!gezien || gezien === localDay());
  }

  async function openDevice() {
    for (const key of store.keys()) {
      if (!key.startsWith(CHOICE) && key !== BAND) continue;
      try {
        const kept = JSON.parse(store.read(key));
        if (key !== BAND && !isFresh(kept)) throw new Error("too old");
        if (!ownKey()) continue;
        const value = await opened(kept);
        if (key !== BAND && !value.sealed) throw new Error("of an older page");
        (key === BAND ? device : locked).set(key, value);
      } catch {
        store.erase(key);
      }
    }
    await openChoices();
  }

  /* Open the choices whose keys the page carries; tells whether there were any. */
  async function openChoices() {
    learnKeys();
    const toOpen = [...locked.keys()].filter((key) => editionKeys.has(key));
    for (const key of toOpen) {
      const within = locked.get(key);
      locked.delete(key);
      try {
        device.set(key, await openedTwice(within, key));
      } catch {
        store.erase(key); // of another fortnight: nobody can open it any more
      }
    }
    return toOpen.length > 0;
  }

  function markSeen(key) {
    const kept = JSON.parse(store.read(key));
    if (kept && !kept.gezien) store.write(key, JSON.stringify({ ...kept, gezien: localDay() }));
  }

  function forget(key) {
    store.erase(key);
    device.delete(key);
    locked.delete(key);
  }

  const isNews = (key) =>
    (locked.has(key) || device.has(key)) && !JSON.parse(store.read(key))?.gezien;
  const keptChoice = (key) => device.get(CHOICE + key);

  function eraseDevice() {
    for (const key of store.keys()) {
      if (key.startsWith("kk.")) store.erase(key);
    }
    for (const map of [device, locked, shownThisVisit, typed]) map.clear();
  }

  function eraseChoice(key) {
    forget(CHOICE + key);
    for (const map of [shownThisVisit, typed]) map.delete(key);
  }

  function eraseWhatThePageSays() {
    if (document.querySelector("[data-wis-toestel]:not(form)")) eraseDevice();
    for (const result of document.querySelectorAll("[data-wis-keuze]")) {
      eraseChoice(result.dataset.wisKeuze);
    }
  }

  /* ---- a choice that did not arrive yet ----
     It waits in this tab under both locks of a choice, and goes when it was sent, when someone else
     opens that card, and after an hour. */

  let sealing = Promise.resolve(); // one after another, so that the last change is what stays
  const dropUnsent = () => kkZegel.erase(UNSENT);
  const isOldUnsent = () => !(Date.now() - kkZegel.read(UNSENT)?.at < UNSENT_FOR);

  // D-34
  function keepUnsent(form) {
    rememberTyped(form);
    const key = form.dataset.sleutel;
    const choice = choiceIn(form);
    const isWanted = isKept(form);
    sealing = sealing.then(async () => {
      if (!isWanted) return dropUnsent();
      try {
        const within = await sealed(choice, editionKeys.get(CHOICE + key)[0]);
        kkZegel.write(UNSENT, { key, at: Date.now(), ...(await sealed(within)) });
      } catch {
        /* no safe connection: then nothing is kept */
      }
    });
  }

  function markUnsent() {
    const unsent = kkZegel.read(UNSENT);
    if (!unsent) return;
    kkZegel.write(UNSENT, { ...unsent, sent: true });
    document.querySelector("[data-klaar]").hidden = false;
  }

  async function fillInUnsent(form) {
    const unsent = kkZegel.read(UNSENT);
    const key = form.dataset.sleutel;
    if (unsent?.key !== key || checked(form, "optie") !== "-" || !ownKey()) return;
    try {
      fillIn(form, await openedTwice(await opened(unsent), CHOICE + key));
      if (unsent.sent) tellFilledIn();
      keepUnsent(form);
    } catch {
      dropUnsent(); // someone else's, or of another fortnight
    }
  }

  function fillIn(form, choice) {
    for (const name of ["optie", "doorslag", "zeker", "verwacht"]) {
      const radio = form.querySelector(`[name="${name}"][value="${choice[name]}"]`);
      if (radio) radio.checked = true;
    }
    const words = form.querySelector("[data-anders-veld] textarea");
    if (words) words.value = choice.woorden ?? "";
    fetchCounter(form);
    showOwnWords(form);
  }

  function tellFilledIn() {
    const told = document.querySelector("[data-teruggezet]");
    told.hidden = false;
    kkSay(told.textContent);
  }

  /* ---- the card ---- */

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const checked = (form, name) => form.querySelector(`[name="${name}"]:checked`)?.value ?? "-";
  const isKept = (form) => !form.querySelector("[data-niet-bewaren]")?.checked;

  function ownWordsField(radio) {
    const words = make("textarea", {
      id: "anders-woorden",
      class: "utrecht-textarea",
      rows: "3",
      maxlength: "500",
      autocomplete: "off",
      "data-ruimte": "500",
      "aria-describedby": "anders-uitleg anders-woorden-ruimte",
    });
    const labelled = { class: "utrecht-form-label", for: words.id };
    const label = make("label", labelled, radio.dataset.anders);
    const described = { class: "utrecht-form-field-description", id: "anders-uitleg" };
    const hint = make("p", described, radio.dataset.andersUitleg);
    const field = { class: "utrecht-form-field", "data-anders-veld": "" };
    const room = make("p", { class: "kk-room", id: "anders-woorden-ruimte" }, "Hoogstens 500 tekens.");
    radio.closest("label").after(make("div", field, label, hint, words, room));
  }

  function prepareForm(form) {
    const band = device.get(BAND);
    const hidden = form.querySelector("[name=ervaring]");
    if (hidden && band) {
      hidden.value = band; // the server takes "skip" for not said
      letWait("lockBand", form.dataset.sleutel, band);
    }
    const radio = form.querySelector("[data-anders]");
    if (radio && !form.querySelector("[data-anders-veld]")) ownWordsField(radio);
    const before = typed.get(form.dataset.sleutel);
    if (before) {
      // the form came back: nothing that was typed is lost
      const words = form.querySelector("[data-anders-veld] textarea");
      const off = form.querySelector("[data-niet-bewaren]");
      if (words) words.value = before.words;
      if (off) off.checked = !before.kept;
    }
    showOwnWords(form);
    fillInUnsent(form);
  }

  function showChosen(form) {
    const said = form.querySelector("[data-kiest]");
    const label = form.querySelector("[name=optie]:checked")?.closest("label");
    if (!said || !label) return;
    said.lastChild.textContent = label.innerText.split("\n").slice(0, 2).join(" ");
    said.hidden = false;
  }

  function showOwnWords(form) {
    showChosen(form);
    const field = form.querySelector("[data-anders-veld]");
    if (field) field.hidden = checked(form, "optie") !== "x" || !isKept(form);
  }

  function rememberTyped(form) {
    const words = form.querySelector("[data-anders-veld] textarea")?.value ?? "";
    typed.set(form.dataset.sleutel, { words, kept: isKept(form) });
  }

  function showNextQuestion(form, radio) {
    const byKeyboard = radio.matches(":focus-visible"); // a keyboard moves at its own pace
    if (form.dataset.gekozen || byKeyboard) return;
    form.dataset.gekozen = "ja";
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const question = form.querySelector(".kk-followup fieldset");
    question?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }

  function choiceIn(form) {
    const choice = {
      optie: checked(form, "optie"),
      doorslag: checked(form, "doorslag"),
      zeker: checked(form, "zeker"),
      verwacht: checked(form, "verwacht"),
      dag: new Date().toISOString().slice(0, 10),
    };
    const words = typed.get(form.dataset.sleutel)?.words.trim();
    if (choice.optie === "x" && words && isKept(form)) choice.woorden = words;
    return choice;
  }

  function keepAcceptedChoice({ key, choice, kept }) {
    const isResult = (section) => section.dataset.sleutel === key;
    if (![...document.querySelectorAll("[data-uitslag]")].some(isResult)) return;
    shownThisVisit.set(key, choice);
    typed.delete(key);
    if (!kept) return;
    justAnswered = key;
    keep(CHOICE + key, choice, { dag: choice.dag });
  }

  /* The reply to a first try was lost: the server says that there is an answer already. If this tab
     sent exactly this choice a moment ago, that answer is this one. */
  function recogniseFirstTry({ key, choice, kept }) {
    const first = unanswered.get(key);
    if (!first) return;
    const isSame = JSON.stringify(first) === JSON.stringify(choice);
    for (const words of document.querySelectorAll("[data-al-binnen]")) words.hidden = !isSame;
    for (const words of document.querySelectorAll("[data-te-laat]")) words.hidden = isSame;
    if (!isSame) return;
    shownThisVisit.set(key, choice);
    if (kept) keep(CHOICE + key, choice, { dag: choice.dag });
  }

  /* ---- the result ---- */

  function showOnly(section, attribute, value) {
    for (const element of section.querySelectorAll(`[${attribute}]`)) {
      element.hidden = element.getAttribute(attribute) !== value;
    }
  }

  const covers = (list, letter) => list === "*" || list.split(",").includes(letter);

  function showKraakvraag(section, choice) {
    const variants = [...section.querySelectorAll("[data-kraak]")];
    const fitting = variants.find(
      (variant) =>
        covers(variant.dataset.kraakOptie ?? "", choice.optie) &&
        covers(variant.dataset.kraakVerwacht ?? "", choice.verwacht),
    );
    if (!fitting) return;
    for (const variant of variants) variant.hidden = variant !== fitting;
  }

  function showOwnChoice(section, choice) {
    showOnly(section, "data-jij", choice.optie);
    showOnly(section, "data-koos", choice.optie);
    showOnly(section, "data-doorslag", choice.doorslag);
    showOnly(section, "data-verwacht", choice.verwacht);
    for (const element of section.querySelectorAll("[data-geen-keuze]")) element.hidden = true;
    for (const element of section.querySelectorAll("[data-woorden]")) {
      element.textContent = choice.woorden ?? "";
      element.closest("[data-woorden-rij]").hidden = !choice.woorden;
    }
    showKraakvraag(section, choice);
  }

  function openOwnWerkwijze(section, choice) {
    const own = section.querySelector(`[data-werkwijze="${choice.optie}"]`);
    if (own) own.open = true;
  }

  function prepareResult(section) {
    const key = section.dataset.sleutel;
    const choice = shownThisVisit.get(key) ?? keptChoice(key);
    if (choice) {
      if (!section.querySelector("[data-koos]:not([hidden])")) openOwnWerkwijze(section, choice);
      shownThisVisit.set(key, choice);
      showOwnChoice(section, choice);
    }
    for (const question of section.querySelectorAll("[data-ervaring-vraag]")) {
      question.hidden = justAnswered !== key || device.has(BAND);
    }
    if (section.hasAttribute("data-geteld-gezien")) markSeen(CHOICE + key);
  }

  function keepBand(button) {
    const question = button.closest("[data-ervaring-vraag]");
    keep(BAND, button.dataset.ervaring);
    for (const other of question.querySelectorAll("[data-ervaring]")) other.hidden = true;
    const thanks = question.querySelector("[data-ervaring-dank]");
    thanks.hidden = false;
    thanks.tabIndex = -1;
    thanks.focus();
  }

  /* ---- tabs, sharing, the quiet dot ---- */

  let tabsMade = 0;

  function makeTabs(box) {
    const panels = [...box.children].filter((child) => child.hasAttribute("data-tab"));
    if (panels.length < 2 || box.querySelector('[role="tablist"]')) return;
    const tabs = panels.map((panel) => {
      const heading = panel.querySelector("h2, h3, h4");
      const id = `tab-${++tabsMade}`;
      const tab = make("button", { type: "button", role: "tab", id }, heading.textContent);
      panel.id ||= `${tab.id}-vlak`;
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      heading.classList.add("kk-aloud");
      return tab;
    });
    const open = (chosen) =>
      tabs.forEach((tab, place) => {
        tab.setAttribute("aria-selected", String(place === chosen));
        tab.tabIndex = place === chosen ? 0 : -1;
        panels[place].hidden = place !== chosen;
      });
    const named = { role: "tablist", class: "kk-tabs", "aria-label": box.dataset.tabsNaam ?? "" };
    const list = make("div", named, ...tabs);
    list.addEventListener("click", (event) => {
      if (tabs.includes(event.target)) open(tabs.indexOf(event.target));
    });
    list.addEventListener("keydown", (event) => {
      const here = tabs.indexOf(document.activeElement);
      const last = tabs.length - 1;
      const next = {
        ArrowRight: here === last ? 0 : here + 1,
        ArrowLeft: here === 0 ? last : here - 1,
        Home: 0,
        End: last,
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      open(next);
      tabs[next].focus();
    });
    box.prepend(list);
    open(0);
  }

  async function share(button) {
    const title = button.dataset.deelTitel;
    const text = button.dataset.deelTekst;
    const copied = button.dataset.deelGelukt;
    const url = new URL(button.dataset.deelUrl, location.href).href;
    try {
      if (navigator.share) return await navigator.share({ title, text, url });
      await navigator.clipboard.writeText(`${text} ${url}`);
      kkSay(copied);
      button.lastChild.textContent = copied;
    } catch {
      /* the person changed their mind */
    }
  }

  function prepare() {
    eraseWhatThePageSays();
    document.querySelectorAll("form[data-keuze]").forEach(prepareForm);
    document.querySelectorAll("[data-uitslag]").forEach(prepareResult);
    document.querySelectorAll("[data-tabs]").forEach(makeTabs);
    let room = 3; // for the newest; the archive tells of the others
    for (const news of document.querySelectorAll("[data-geteld]")) {
      news.hidden = !room || !isNews(CHOICE + news.dataset.geteld);
      if (news.hidden) continue;
      room -= 1;
      news.parentElement.hidden = false;
    }
    for (const sharing of document.querySelectorAll("[data-deel], [data-deel-vraag]")) {
      sharing.hidden = !(navigator.share || navigator.clipboard);
    }
  }

  /* ---- htmx: what goes out, what comes in ---- */

  const failure = document.getElementById("storing");
  const usualCause = failure?.querySelector("[data-oorzaak]").textContent;

  /* Tell that it failed, beside the form that stays; with the cause where the server named it. */
  function showFailure(cause) {
    if (!failure) return;
    failure.querySelector("[data-oorzaak]").textContent = cause || usualCause;
    failure.hidden = false;
  }

  function focusArrived(page, place) {
    const wanted = (place ?? page).querySelector("[data-focus]");
    const target = wanted ?? place?.querySelector("h1, h2, h3");
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (place === page) scrollTo(0, 0);
    else target.scrollIntoView({ block: "nearest" });
  }

  const on = (name, listener) => document.addEventListener(name, listener);

  on("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (failure) failure.hidden = true;
    if (!form.matches?.("form[data-keuze]")) return;
    const key = form.dataset.sleutel;
    if (underway.has(key)) return event.preventDefault(); // a double tap is one answer
    underway.add(key);
    keepUnsent(form);
    asked.set(ctx, { key, choice: choiceIn(form), kept: isKept(form) });
  });

  on("htmx:after:request", ({ detail: { ctx } }) => {
    if (!/^\s*<!doctype/i.test(ctx.text ?? "")) return;
    Object.assign(ctx, {
      select: "#inhoud > *",
      target: document.getElementById("inhoud"),
      swap: "innerHTML",
    });
    if (ctx.response.raw.redirected) ctx.push = "true";
  });

  on("htmx:after:swap", ({ detail: { ctx } }) => {
    const status = ctx.response?.status ?? 0;
    if (status >= 500) return;
    const sent = asked.get(ctx);
    learnKeys();
    if (sent && status >= 200 && status < 300) keepAcceptedChoice(sent);
    if (sent && status === 409) recogniseFirstTry(sent);
    if (sent) unanswered.delete(sent.key);
    prepare();
    openChoices().then((wereAny) => wereAny && prepare());
    const isUnsent = document.querySelector("[data-onverstuurd]");
    if (sent && (isUnsent || status < 300 || status === 409)) {
      sealing = sealing.then(isUnsent ? markUnsent : dropUnsent);
    }
    const page = document.getElementById("inhoud");
    const isReplaced = !ctx.target?.isConnected;
    const place = isReplaced ? document.getElementById(ctx.target?.id) : ctx.target;
    if (place === page) {
      const named = page.querySelector("[data-titel]")?.dataset.titel;
      document.title = `${named ?? page.querySelector("h1")?.textContent.trim()} · Kopkrakers`;
    }
    if (["submit", "click"].includes(ctx.sourceEvent?.type)) focusArrived(page, place);
    const told = (place ?? page).querySelector("[data-melding]");
    if (told && !told.contains(document.activeElement)) kkSay(told.textContent);
  });

  on("htmx:finally:request", ({ detail: { ctx } }) => {
    if (asked.has(ctx)) underway.delete(asked.get(ctx).key);
  });
  on("htmx:response:error", ({ detail: { ctx } }) => {
    const stays = ctx.response.status >= 500 || ctx.hx.reswap === "none";
    if (stays) showFailure(kkCauseIn(ctx.text));
  });
  /* Without a network an answer waits, where there is a worker to send it. */
  function letWait(work, ...given) {
    if (!document.querySelector("#keuze") || !navigator.serviceWorker?.controller) return;
    import("/static/js/wacht.js").then(() => kkWacht[work](...given)).catch(() => {});
  }

  on("htmx:error", ({ detail: { ctx } }) => {
    const sent = asked.get(ctx);
    if (sent) unanswered.set(sent.key, sent.choice); // it may have arrived all the same
    showFailure();
    if (sent?.kept) letWait("keep", ctx.sourceElement, sent);
  });

  /* The script that counts own words: fetched at the first choice, whichever it is. */
  function fetchCounter(form) {
    const place = form.querySelector("[data-telt]");
    if (!place) return;
    document.head.append(make("script", { src: place.dataset.telt }));
    place.removeAttribute("data-telt");
  }

  on("change", (event) => {
    const form = event.target.closest?.("form[data-keuze]");
    if (!form) return;
    fetchCounter(form);
    showOwnWords(form);
    keepUnsent(form);
    const missing = form.querySelector(`[data-mist="${event.target.name}"]`);
    if (missing) missing.hidden = true;
    if (event.target.name === "optie") showNextQuestion(form, event.target);
  });
  /* A question that must be answered says so itself: the bubble of a browser is gone in seconds. */
  document.addEventListener(
    "invalid",
    (event) => {
      const missing = document.querySelector(`[data-mist="${event.target.name}"]`);
      if (!missing) return;
      event.preventDefault();
      if (event.target !== event.target.form.querySelector("input:invalid")) return;
      missing.hidden = false;
      kkSay(missing.textContent);
      event.target.focus();
    },
    true,
  );
  on("click", (event) => {
    const button = event.target.closest?.("[data-ervaring], [data-deel]");
    if (button) (button.hasAttribute("data-deel") ? share : keepBand)(button);
  });
  on("submit", (event) => {
    if (!event.target.matches("[data-wis-toestel]")) return;
    eraseDevice();
    try {
      const kept = Object.keys(sessionStorage).filter((key) => key.startsWith("kk."));
      for (const key of kept) sessionStorage.removeItem(key);
    } catch {
      /* nothing there */
    }
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.body.hidden = true; // a page from memory may be of someone else by now: ask whose it is
    location.reload();
  });

  /* Paper cannot be unfolded. */
  const unfolded = new Set();
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details:not([open], form *)")) {
      fold.open = true;
      unfolded.add(fold);
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of unfolded) fold.open = false;
    unfolded.clear();
  });

  addEventListener("beforeinstallprompt", (event) => event.preventDefault()); // never a pop-up
  if (ownKey()) {
    addEventListener("load", () => navigator.serviceWorker?.register("/werker.js").catch(() => {}));
  }
  if (isOldUnsent()) dropUnsent();
  Promise.resolve(window.kkWacht?.ready).then(openDevice).then(prepare);
  document.querySelector("[data-focus]")?.focus();
})();
