/* The diary that somebody keeps on this device, and nowhere else. A piece is sealed with a public
   key, so that keeping one asks for no passphrase; the private key is sealed with the passphrase,
   which stands nowhere. Nothing of it is ever sent. Used by the other scripts of the diary.
   The contract is the list in docs/data-attributes.md. */
// D-89
window.kkDagboek = (() => {
  "use strict";
  const NAME = "kk-dagboek";
  const ROUNDS = 600000; // of PBKDF2 with SHA-256, as OWASP asks
  const BYTES = 8192; // of every piece: its length tells nothing
  const CURVE = { name: "ECDH", namedCurve: "P-256" };
  const WEEK = 7 * 864e5; // milliseconds
  const WEEKS_UNTIL_AGAIN = 8;

  /* What went wrong; its code is that of a sentence in the page (data-zin). */
  class Refusal extends Error {
    constructor(code) {
      super(code);
      this.code = code;
    }
  }

  const toHex = (bytes) =>
    [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
  const utf8 = (text) => new TextEncoder().encode(text);
  const hashed = async (text) => toHex(await crypto.subtle.digest("SHA-256", utf8(text)));
  const newId = () => toHex(crypto.getRandomValues(new Uint8Array(16)));

  /* Whose diary it is: only the pages of one person can make this mark. */
  const ownMark = () => hashed(`${document.body.dataset.zegel} dagboek`);

  /* ---- keys ---- */

  // D-112
  async function keyOfPhrase(phrase, { zout, rondes }) {
    const said = phrase.normalize("NFC").trim().replace(/\s+/g, " ");
    const raw = await crypto.subtle.importKey("raw", utf8(said), "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(zout), iterations: rondes };
    return toHex(await crypto.subtle.deriveBits(how, raw, 256));
  }

  /* The key of one piece, from either end: both public keys are in it. */
  async function keyOfPiece(privateKey, otherPublic, places) {
    const other = await crypto.subtle.importKey("raw", fromHex(otherPublic), CURVE, false, []);
    const how = { name: "ECDH", public: other };
    const shared = toHex(await crypto.subtle.deriveBits(how, privateKey, 256));
    return hashed([shared, ...places].join(" "));
  }

  function filled(piece) {
    const room = BYTES - utf8(JSON.stringify({ ...piece, vul: "" })).length;
    if (room < 0) throw new Refusal("te-lang");
    return { ...piece, vul: " ".repeat(room) };
  }

  /* A piece as it is written: everybody who has the diary's public key can make it, nobody without
     the passphrase opens it. */
  async function sealedPiece(piece, { id: boek, openbaar }) {
    const once = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    const met = toHex(await crypto.subtle.exportKey("raw", once.publicKey));
    const key = await keyOfPiece(once.privateKey, openbaar, [met, openbaar]);
    return { id: piece.id, boek, met, ...(await kkZegel.sealed(filled(piece), key)) };
  }

  async function openedPiece({ met, iv, sealed }, { openbaar }, privateKey) {
    const key = await keyOfPiece(privateKey, met, [met, openbaar]);
    const { vul, ...piece } = await kkZegel.opened({ iv, sealed }, key);
    return asPiece(piece);
  }

  async function newBook(phrase) {
    const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    const secret = await crypto.subtle.exportKey("jwk", pair.privateKey);
    const openbaar = toHex(await crypto.subtle.exportKey("raw", pair.publicKey));
    return lockedBook({ id: newId(), van: await ownMark(), openbaar }, secret, phrase);
  }

  async function lockedBook(book, secret, phrase) {
    const how = { zout: newId(), rondes: ROUNDS };
    return { ...book, ...how, slot: await kkZegel.sealed(secret, await keyOfPhrase(phrase, how)) };
  }

  /* The private key, as it is exported. Raises: "wachtzin". */
  async function secretOf(book, phrase) {
    try {
      return await kkZegel.opened(book.slot, await keyOfPhrase(phrase, book));
    } catch {
      throw new Refusal("wachtzin");
    }
  }

  const usable = (secret) =>
    crypto.subtle.importKey("jwk", secret, CURVE, false, ["deriveBits"]);

  /* ---- what a piece holds: whatever a file says, no more than this ---- */

  const LIMITS = { plaats: 120, titel: 200, thema: 100, verhaal: 2000, woorden: 500, waarom: 1000 };
  const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text);
  const text = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
  const code = (value, allowed) => (allowed.includes(value) ? value : "-");
  const choiceIn = ({ optie, doorslag }) => ({
    optie: code(optie, ["a", "b", "c", "d", "x"]),
    doorslag: code(doorslag, ["w", "r", "b"]),
  });

  function asPiece(given) {
    const { id, dag, opties, zeker, verwacht, trefwoorden, gewijzigd, terug } = given;
    if (!/^[0-9a-f]{32}$/.test(id) || !isDay(dag)) throw new Refusal("kapot");
    const piece = { id, dag, ...choiceIn(given), zeker: code(zeker, ["1", "2", "3"]) };
    for (const [name, most] of Object.entries(LIMITS)) piece[name] = text(given[name], most);
    piece.opties = {};
    for (const letter of ["a", "b", "c", "d"]) {
      if (opties?.[letter]) piece.opties[letter] = text(opties[letter], 200);
    }
    piece.verwacht = code(verwacht, Object.keys(piece.opties));
    piece.trefwoorden = text(trefwoorden, 100);
    piece.gewijzigd = Number(gewijzigd) || 0;
    if (terug && isDay(terug.dag)) {
      piece.terug = { dag: terug.dag, ...choiceIn(terug), waarom: text(terug.waarom, 1000) };
    }
    return piece;
  }

  /* ---- the database of this browser ---- */

  function database() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("boeken", { keyPath: "id" });
        const pieces = asked.result.createObjectStore("stukken", { keyPath: ["boek", "id"] });
        pieces.createIndex("boek", "boek");
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  /* All that `work` asks of the two stores happens, or nothing does. Gives the results of the
     requests that it returns. */
  async function atOnce(mode, work) {
    let opened;
    try {
      opened = await database();
    } catch {
      throw new Refusal("verboden");
    }
    try {
      return await new Promise((resolve, reject) => {
        const moment = opened.transaction(["boeken", "stukken"], mode);
        const refuse = (why) => {
          moment.why = new Refusal(why);
          moment.abort();
        };
        const books = moment.objectStore("boeken");
        const asked = work(books, moment.objectStore("stukken"), refuse);
        moment.oncomplete = () => resolve(asked?.result);
        moment.onabort = () => reject(moment.why ?? new Refusal("vol"));
      });
    } finally {
      opened.close();
    }
  }

  /* What is written goes only into a diary that is still there. */
  const intoBook = (id, work) =>
    atOnce("readwrite", (books, pieces, refuse) => {
      books.get(id).onsuccess = ({ target }) => {
        if (target.result) work(books, pieces, refuse);
        else refuse("weg");
      };
    });

  const allBooks = () => atOnce("readonly", (books) => books.getAll());
  const allPieces = ({ id }) =>
    atOnce("readonly", (_books, pieces) => pieces.index("boek").getAll(id));

  /* The diary of who is signed in, closed; nothing where there is none on this device. */
  async function ownBook() {
    if (!crypto.subtle) throw new Refusal("onveilig");
    const mark = await ownMark();
    return (await allBooks()).find(({ van }) => van === mark);
  }

  /* ---- beginning, keeping, reading ---- */

  const addBook = (book, records = []) =>
    atOnce("readwrite", (books, pieces, refuse) => {
      books.getAll().onsuccess = ({ target }) => {
        if (target.result.some(({ van }) => van === book.van)) return refuse("al-begonnen");
        books.add(book);
        for (const record of records) pieces.add(record);
      };
    });

  async function begin(phrase) {
    const book = await newBook(phrase);
    await addBook(book);
    stay();
    return book;
  }

  /* Ask the browser not to clear this when room is short. It may say no. */
  const stay = () => navigator.storage?.persist?.().catch(() => {});

  async function keep(book, piece) {
    const record = await sealedPiece({ ...piece, id: newId(), gewijzigd: Date.now() }, book);
    await intoBook(book.id, (_books, pieces) => pieces.add(record));
  }

  /* An open diary: its pieces, newest first, and how to change them. The key lives as long as the
     page. */
  async function open(book, phrase) {
    const secret = await secretOf(book, phrase);
    return openDiary(book, await usable(secret), secret);
  }

  function openDiary(book, privateKey, secret) {
    const written = new Map(); // id -> what lay there when this page read it
    let pieces = [];

    async function read() {
      const found = [];
      let broken = 0;
      for (const record of await allPieces(book)) {
        try {
          const piece = await openedPiece(record, book, privateKey);
          if (piece.id !== record.id) throw new Refusal("kapot");
          found.push(piece);
          written.set(record.id, record.iv);
        } catch {
          broken += 1;
        }
      }
      pieces = found.sort((one, other) => (one.dag < other.dag ? 1 : -1));
      return broken;
    }

    /* Write a piece, unless another tab wrote or removed it since it was read here. */
    async function change(piece) {
      const changed = { ...piece, gewijzigd: Date.now() };
      const record = await sealedPiece(changed, book);
      await intoBook(book.id, (_books, store, refuse) => {
        store.get([book.id, piece.id]).onsuccess = ({ target }) => {
          if (target.result?.iv === written.get(piece.id)) store.put(record);
          else refuse(target.result ? "veranderd" : "stuk-weg");
        };
      });
      written.set(piece.id, record.iv);
      pieces = pieces.map((one) => (one.id === piece.id ? changed : one));
    }

    async function remove({ id }) {
      await intoBook(book.id, (_books, store) => store.delete([book.id, id]));
      pieces = pieces.filter((one) => one.id !== id);
    }

    /* Take in pieces of a file: those that are new here, or newer. Gives how many. */
    async function takeIn(given) {
      const known = new Map(pieces.map((one) => [one.id, one.gewijzigd]));
      const wanted = given.filter(({ id, gewijzigd }) => !(known.get(id) >= gewijzigd));
      const records = await Promise.all(wanted.map((piece) => sealedPiece(piece, book)));
      await intoBook(book.id, (_books, store) => records.forEach((record) => store.put(record)));
      await read();
      return wanted.length;
    }

    async function changePhrase(phrase) {
      const anew = await lockedBook(book, secret, phrase);
      await intoBook(book.id, (books) => books.put(anew));
      book = anew;
    }

    return {
      get book() {
        return book;
      },
      get pieces() {
        return pieces;
      },
      read,
      change,
      remove,
      takeIn,
      changePhrase,
    };
  }

  /* Open whichever diary on this device has this passphrase, for whoever is signed in. */
  async function findBook(phrase) {
    for (const book of await allBooks()) {
      const isIt = await secretOf(book, phrase).then(() => true, () => false);
      if (!isIt) continue;
      const own = { ...book, van: await ownMark() };
      await intoBook(book.id, (books) => books.put(own));
      return own;
    }
    throw new Refusal("wachtzin");
  }

  /* Remove the diary with all that is in it, also where it was never opened. */
  const erase = ({ id }) =>
    atOnce("readwrite", (books, pieces) => {
      books.delete(id);
      pieces.index("boek").openKeyCursor(id).onsuccess = ({ target: { result } }) => {
        if (!result) return;
        pieces.delete(result.primaryKey);
        result.continue();
      };
    });

  const isDue = ({ dag, terug }, now = Date.now()) =>
    !terug && now - Date.parse(dag) >= WEEKS_UNTIL_AGAIN * WEEK;

  const localDay = () => new Date().toLocaleDateString("sv"); // 2026-11-28

  /* ---- what the pages of the diary share ---- */

  const part = (name) => document.querySelector(`[data-onderdeel="${name}"]`);
  const sentence = (code) => document.querySelector(`[data-zin="${code}"]`).textContent;

  /* Show one of the states of the page, and only that. */
  function show(name) {
    for (const part of document.querySelectorAll("[data-dagboek]")) {
      part.hidden = part.dataset.dagboek !== name;
    }
  }

  /* Tell in words of the page what happened, beside what was pressed. */
  function tell(place, code, { isFault = true } = {}) {
    const told = place.querySelector("[data-gezegd]");
    told.className = `utrecht-alert utrecht-alert--${isFault ? "error" : "ok"}`;
    told.textContent = sentence(code);
    told.hidden = false;
    told.tabIndex = -1;
    told.focus();
  }

  /* Do what a form asks, once at a time; a refusal is told in it and nothing typed is lost. */
  function onSend(form, work) {
    let isBusy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isBusy) return;
      isBusy = true;
      form.setAttribute("aria-busy", "true");
      form.querySelector("[data-gezegd]").hidden = true;
      try {
        await work(form);
      } catch (fault) {
        tell(form, fault instanceof Refusal ? fault.code : "mislukt");
      }
      form.removeAttribute("aria-busy");
      isBusy = false;
    });
  }

  const field = (place, name) => place.querySelector(`[data-veld="${name}"]`);

  const FEWEST = 12; // characters of a passphrase, as of a password

  /* A new passphrase, typed twice. */
  function newPhrase(form) {
    const [first, again] = ["nieuw", "nogmaals"].map((name) => field(form, name).value);
    if ([...first.trim()].length < FEWEST) throw new Refusal("te-kort");
    if (first !== again) throw new Refusal("ongelijk");
    if (!field(form, "snapt").checked) throw new Refusal("snapt-niet");
    return first;
  }

  const emptied = (form) => {
    for (const one of form.querySelectorAll("input[type=password]")) one.value = "";
  };

  return {
    Refusal, ROUNDS, addBook, allPieces, asPiece, begin, emptied, erase, field, findBook, fromHex,
    isDue, keep, localDay, newId, newPhrase, onSend, open, openedPiece, ownBook, ownMark, part,
    secretOf, sentence, show, stay, tell, usable,
  };
})();
