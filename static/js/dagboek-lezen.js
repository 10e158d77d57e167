/* The page of the diary: opening it, reading and changing pieces, and what comes back after eight
   weeks. It tells the other scripts of this page of every change ("kk-dagboek"). */
(() => {
  "use strict";
  const { emptied, field, newPhrase, onSend, part, sentence, show, tell } = kkDagboek;
  const MINUTES = 15; // without a touch, after which the diary closes

  const page = document.querySelector("[data-dagboek=open]");
  let diary = null;

  /* ---- filling in ---- */

  const wordOf = (code) => document.querySelector(`[data-woord="${code}"]`)?.textContent ?? "";
  const dayInWords = (day) =>
    new Date(`${day}T12:00`).toLocaleDateString("nl-NL", { dateStyle: "long" });
  const optionOf = (piece, code) =>
    piece.opties[code] ? `${code.toUpperCase()} ${piece.opties[code]}` : wordOf(code);

  let copies = 0;

  /* A new copy of what the page shows as an example; ids stay its own. */
  function copyOf(name) {
    const example = document.querySelector(`[data-voorbeeld="${name}"]`);
    const copy = example.content.cloneNode(true).firstElementChild;
    copies += 1;
    for (const attribute of ["id", "for", "aria-describedby", "aria-labelledby"]) {
      for (const element of copy.querySelectorAll(`[${attribute}]`)) {
        const names = element.getAttribute(attribute).split(" ");
        element.setAttribute(attribute, names.map((one) => `${one}-${copies}`).join(" "));
      }
    }
    return copy;
  }

  /* Put words in their places; a row without any is hidden. */
  function fill(place, given) {
    for (const [name, words] of Object.entries(given)) {
      for (const element of place.querySelectorAll(`[data-gegeven="${name}"]`)) {
        element.textContent = words;
        const row = element.closest("[data-rij]");
        if (row) row.hidden = !words;
      }
    }
  }

  const inWords = (piece) => ({
    titel: piece.titel,
    thema: piece.thema,
    dag: dayInWords(piece.dag),
    optie: optionOf(piece, piece.optie),
    doorslag: wordOf(piece.doorslag),
    zeker: wordOf(piece.zeker),
    verwacht: optionOf(piece, piece.verwacht),
    woorden: piece.woorden,
    waarom: piece.waarom,
    trefwoorden: piece.trefwoorden,
    verhaal: piece.verhaal,
    "terug-dag": piece.terug ? dayInWords(piece.terug.dag) : "",
    "terug-optie": piece.terug ? optionOf(piece, piece.terug.optie) : "",
    "terug-waarom": piece.terug?.waarom ?? "",
  });

  /* ---- the list ---- */

  const shown = new Map(); // id -> what the list shows of a piece

  function fillPiece(copy, piece) {
    fill(copy, inWords(piece));
    field(copy, "waarom").value = field(copy, "waarom").defaultValue = piece.waarom;
    field(copy, "trefwoorden").value = field(copy, "trefwoorden").defaultValue = piece.trefwoorden;
  }

  function pieceInList(piece) {
    const copy = copyOf("stuk");
    const here = () => diary.pieces.find(({ id }) => id === piece.id) ?? piece;
    fillPiece(copy, piece);
    onSend(copy.querySelector("[data-doe=verander]"), async (form) => {
      const waarom = field(form, "waarom").value.trim();
      const trefwoorden = field(form, "trefwoorden").value.trim();
      if ([...waarom].length > 1000) throw new kkDagboek.Refusal("te-lang");
      await diary.change({ ...here(), waarom, trefwoorden });
      fillPiece(copy, here());
      tell(form, "bewaard", { isFault: false });
      changed();
    });
    onSend(copy.querySelector("[data-doe=wis-stuk]"), async () => {
      await diary.remove(piece);
      shown.delete(piece.id);
      copy.remove();
      search();
      changed();
      kkSay(sentence("stuk-gewist"));
      part("lijst").querySelector("h2").focus();
    });
    return copy;
  }

  function drawList() {
    shown.clear();
    for (const piece of diary.pieces) shown.set(piece.id, pieceInList(piece));
    part("stukken").replaceChildren(...shown.values());
    search();
  }

  /* Show what holds every word that is looked for. */
  function search() {
    const words = plain(field(part("lijst"), "zoek").value).split(/\s+/);
    let found = 0;
    for (const { id, titel, thema, waarom, trefwoorden } of diary.pieces) {
      const text = plain([titel, thema, waarom, trefwoorden].join(" "));
      const isFound = words.every((word) => text.includes(word));
      found += isFound ? 1 : 0;
      shown.get(id).hidden = !isFound;
    }
    part("leeg").hidden = diary.pieces.length > 0;
    part("zoeken").hidden = diary.pieces.length === 0;
    part("gevonden").textContent = found === 1 ? "1 stuk" : `${found} stukken`;
  }

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  /* ---- again after eight weeks ---- */

  const again = part("terug");
  let dueId = null;

  function askAgain() {
    const due = diary.pieces.filter((piece) => kkDagboek.isDue(piece));
    const piece = due[due.length - 1]; // the one that waits longest
    again.hidden = !piece;
    if (!piece) return;
    dueId = piece.id;
    fill(again, inWords({ ...piece, terug: null }));
    const select = field(again, "optie");
    const options = [...Object.keys(piece.opties), "x"];
    select.replaceChildren(select.options[0], ...options.map((code) => optionTo(piece, code)));
    select.value = field(again, "doorslag").value = "-";
    field(again, "waarom").value = "";
  }

  const optionTo = (piece, code) => new Option(optionOf(piece, code), code);

  async function answerAgain(form) {
    const piece = diary.pieces.find((one) => one.id === dueId);
    const terug = { dag: kkDagboek.localDay() };
    for (const name of ["optie", "doorslag", "waarom"]) terug[name] = field(form, name).value.trim();
    if (terug.optie === "-") {
      field(form, "optie").focus();
      throw new kkDagboek.Refusal("kies-eerst");
    }
    await diary.change({ ...piece, terug });
    showThenAndNow({ ...piece, terug });
    drawList();
    changed();
  }

  function showThenAndNow(piece) {
    const told = part("toen-en-nu");
    fill(told, inWords(piece));
    const isSame = piece.optie === piece.terug.optie;
    part("zelfde").hidden = !isSame;
    part("anders").hidden = isSame;
    again.hidden = true;
    field(again, "waarom").value = "";
    told.hidden = false;
    told.querySelector("h2").focus();
  }

  /* ---- opening and closing ---- */

  function changed() {
    document.dispatchEvent(new CustomEvent("kk-dagboek", { detail: diary }));
  }

  async function showOpened(opened) {
    diary = opened;
    const broken = await diary.read();
    part("kapot").hidden = !broken;
    drawList();
    askAgain();
    show("open");
    for (const name of ["wissen", "terugzetten"]) part(name).hidden = false;
    part("eerder").hidden = true;
    changed();
    (again.hidden ? part("lijst") : again).querySelector("h2").focus();
  }

  const openWith = async (book, phrase) => showOpened(await kkDagboek.open(book, phrase));

  onSend(document.querySelector("[data-dagboek=dicht]"), async (form) => {
    const book = await kkDagboek.ownBook();
    if (!book) throw new kkDagboek.Refusal("weg");
    await openWith(book, field(form, "wachtzin").value);
    emptied(form);
  });

  onSend(document.querySelector("[data-dagboek=begin]"), async (form) => {
    const phrase = newPhrase(form);
    await openWith(await kkDagboek.begin(phrase), phrase);
    emptied(form);
  });

  const isTyping = () =>
    [...page.querySelectorAll("textarea, input[type=text]")].some(
      (one) => one.value !== one.defaultValue,
    );

  let resting;

  function rest() {
    clearTimeout(resting);
    resting = setTimeout(() => (isTyping() ? rest() : location.reload()), MINUTES * 6e4);
  }

  for (const sign of ["pointerdown", "keydown", "scroll"]) addEventListener(sign, rest);
  document.querySelector("[data-doe=sluit]").addEventListener("click", () => location.reload());
  addEventListener("beforeunload", (event) => {
    if (diary && isTyping()) event.preventDefault();
  });
  field(part("lijst"), "zoek").addEventListener("input", search);
  onSend(again, answerAgain);

  /* ---- wiping ---- */

  onSend(document.querySelector("[data-doe=wis-alles]"), async (form) => {
    if (!field(form, "zeker-weten").checked) throw new kkDagboek.Refusal("zeker-weten");
    const book = await kkDagboek.ownBook();
    if (book) await kkDagboek.erase(book);
    diary = null;
    part("stukken").replaceChildren();
    for (const name of ["wissen", "terugzetten"]) part(name).hidden = true;
    show("gewist");
    document.querySelector("[data-dagboek=gewist] h2").focus();
  });

  async function start() {
    try {
      const book = await kkDagboek.ownBook();
      show(book ? "dicht" : "begin");
      part("wissen").hidden = !book;
      part("terugzetten").hidden = part("eerder").hidden = Boolean(book);
    } catch ({ code }) {
      show(code === "onveilig" ? "onveilig" : "verboden");
    }
  }

  kkDagboek.showOpened = showOpened;
  start();
})();
