/* Copies of the diary: a file that opens with the passphrase alone, here or in another browser. A
   file is opened whole before anything of it is written, so that a broken one changes nothing. */
(() => {
  "use strict";
  const { Refusal, emptied, field, newPhrase, onSend, part, tell } = kkDagboek;
  const KIND = "Kopkrakers dagboek";
  const VERSION = 1;
  const LARGEST = 100e6; // bytes
  const FEWEST_ROUNDS = 1e5;
  const MOST_ROUNDS = 5e6; // more would keep a phone busy for minutes

  let diary = null;

  document.addEventListener("kk-dagboek", ({ detail }) => {
    diary = detail;
  });

  /* ---- making one ---- */

  async function fileOf({ book }) {
    const { zout, rondes, openbaar, slot } = book;
    const records = await kkDagboek.allPieces(book);
    const pieces = records.map(({ met, iv, sealed }) => ({ met, iv, sealed }));
    const file = { soort: KIND, versie: VERSION };
    return { ...file, boek: { zout, rondes, openbaar, slot }, stukken: pieces };
  }

  onSend(document.querySelector("[data-doe=kopie]"), async (form) => {
    const text = JSON.stringify(await fileOf(diary));
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `kopkrakers-dagboek-${kkDagboek.localDay()}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 6e4);
    tell(form, "kopie-gemaakt", { isFault: false });
  });

  /* ---- putting one back ---- */

  const isHex = (text, length) =>
    typeof text === "string" && /^([0-9a-f]{2})+$/.test(text) && (!length || text.length === length);
  const isSealed = (given) => isHex(given?.iv, 24) && isHex(given?.sealed);
  const isPiece = (given) => isSealed(given) && isHex(given.met, 130);
  const isBook = ({ zout, rondes, openbaar, slot }) =>
    isHex(zout, 32) && isHex(openbaar, 130) && isSealed(slot) && Number.isInteger(rondes) &&
    rondes >= FEWEST_ROUNDS && rondes <= MOST_ROUNDS;

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      throw new Refusal(text.includes(KIND) ? "bestand-kapot" : "bestand-vreemd");
    }
  }

  async function read(file) {
    if (!file) throw new Refusal("bestand-kies");
    if (file.size > LARGEST) throw new Refusal("bestand-vreemd");
    const given = parsed(await file.text());
    if (given?.soort !== KIND) throw new Refusal("bestand-vreemd");
    if (given.versie > VERSION) throw new Refusal("bestand-nieuwer");
    const isWhole = isBook(given.boek ?? {}) && Array.isArray(given.stukken);
    if (!isWhole || !given.stukken.every(isPiece)) throw new Refusal("bestand-kapot");
    return given;
  }

  async function piecesIn({ boek, stukken }, phrase) {
    const secret = await kkDagboek.secretOf(boek, phrase);
    try {
      const key = await kkDagboek.usable(secret);
      const pieces = stukken.map((one) => kkDagboek.openedPiece(one, boek, key));
      const opened = await Promise.all(pieces);
      if (new Set(opened.map(({ id }) => id)).size < opened.length) throw new Error("one twice");
      return opened;
    } catch {
      throw new Refusal("bestand-kapot");
    }
  }

  /* Begin the diary of this device with a copy: the same keys, so the same passphrase. */
  async function adopt({ boek, stukken }, pieces, phrase) {
    const { zout, rondes, openbaar, slot } = boek;
    const id = kkDagboek.newId();
    const book = { id, van: await kkDagboek.ownMark(), zout, rondes, openbaar, slot };
    const records = stukken.map(({ met, iv, sealed }, number) => ({
      id: pieces[number].id, boek: id, met, iv, sealed,
    }));
    await kkDagboek.addBook(book, records);
    kkDagboek.stay();
    await kkDagboek.showOpened(await kkDagboek.open(book, phrase));
  }

  onSend(document.querySelector("[data-doe=terugzetten]"), async (form) => {
    const file = await read(field(form, "bestand").files[0]);
    const phrase = field(form, "wachtzin").value;
    const pieces = await piecesIn(file, phrase);
    if (diary) {
      part("terug-aantal").textContent = await diary.takeIn(pieces);
      await kkDagboek.showOpened(diary);
    } else {
      await adopt(file, pieces, phrase);
      part("terug-aantal").textContent = pieces.length;
    }
    form.reset();
    tell(form, "teruggezet", { isFault: false });
  });

  /* ---- another passphrase, and a diary of before ---- */

  onSend(document.querySelector("[data-doe=wachtzin]"), async (form) => {
    await diary.changePhrase(newPhrase(form));
    form.reset();
    tell(form, "wachtzin-nieuw", { isFault: false });
  });

  onSend(document.querySelector("[data-doe=eerder]"), async (form) => {
    const phrase = field(form, "wachtzin").value;
    const book = await kkDagboek.findBook(phrase);
    await kkDagboek.showOpened(await kkDagboek.open(book, phrase));
    emptied(form);
  });
})();
