/* An answer that could not be sent for want of a network. It waits in this browser, sealed twice
   over: for the server, which alone can open it for whoever gave it, and for the device, as every
   own choice. The service worker sends it. Loaded when sending fails, by the page without a network
   (with js/zonder.js) and by a result. The contract is the list in docs/data-attributes.md. */
window.kkWacht = (() => {
  "use strict";
  const WAITING = "kk-wacht"; // a cache of its own; its addresses are those to send to
  const CHOICE = "kk.keuze.";
  const BAND = "kk.ervaring";
  const LOCKS = "/zonder-verbinding/slot";
  const LOOK_AGAIN = 500; // milliseconds
  const ASK_AFTER = 2e3; // milliseconds; twice as long after each time that nothing was sent
  const ASK_AT_LEAST_EVERY = 6e4;

  /* One at a time, also beside the worker. */
  const alone = (work) => (navigator.locks ? navigator.locks.request(WAITING, work) : work());

  async function records() {
    if (!window.caches || !(await caches.has(WAITING))) return [];
    const cache = await caches.open(WAITING);
    const read = async ({ url }) => ({ url, ...(await (await cache.match(url)).json()) });
    return Promise.all((await cache.keys()).map(read));
  }

  const remove = async (url) => (await caches.open(WAITING)).delete(url);

  const recordOf = async (url) => (await records()).find((record) => record.url === url);

  /* Whether an answer that goes to this address waits. */
  async function isWaiting(url) {
    const record = await recordOf(url);
    return Boolean(record && !record.stand);
  }

  /* Let one wait, unless one does; then send it as soon as the browser can. What went before is
     what was chosen, if the server says so. */
  async function wait(url, record) {
    await alone(async () => {
      const before = await recordOf(url);
      if (before && !before.stand) return;
      const text = JSON.stringify({ ...record, eerder: before?.keuze });
      await (await caches.open(WAITING)).put(url, new Response(text));
    });
    const { sync } = await navigator.serviceWorker.ready;
    await sync?.register(WAITING).catch(() => {}); // refused: then at the next opening
    location.assign("/");
  }

  /* ---- locks: what is sealed to one opens with a key of the edition ---- */

  const CURVE = { name: "ECDH", namedCurve: "P-256" };
  const toHex = (bytes) =>
    [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
  const digest = (bytes) => crypto.subtle.digest("SHA-256", bytes);
  const digestOf = (text) => digest(new TextEncoder().encode(text));

  /* Key derivation in one step (NIST SP 800-56C); the server does the same in without_network/locks.py. */
  async function commonKey(own, theirs, points) {
    const other = await crypto.subtle.importKey("raw", fromHex(theirs), CURVE, false, []);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own, 256);
    return toHex(await digest(fromHex(`00000001${toHex(shared)}${points}`)));
  }

  // D-91
  async function sealedFor(aan, value) {
    const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    const van = toHex(await crypto.subtle.exportKey("raw", own.publicKey));
    const key = await commonKey(own.privateKey, aan, van + aan);
    return { aan, van, ...(await kkZegel.sealed(value, key)) };
  }

  function keptBand() {
    try {
      return JSON.parse(localStorage.getItem(BAND));
    } catch {
      return null; // forbidden, or no record of ours
    }
  }

  const bandOrDash = (band) => (/^\d$/.test(band) ? band : "-"); // "skip" is not said

  /* The locks of this card; the worker may still be fetching them. */
  async function locksFor(key) {
    for (let tries = 20; tries > 0; tries -= 1) {
      const locks = await (await caches.match(LOCKS))?.json();
      if (locks?.voor === key) return locks;
      await new Promise((done) => setTimeout(done, LOOK_AGAIN));
    }
    return null;
  }

  /* Put the experience under the lock of this card as well, beside itself: without a network no page
     can open it. A new experience, or erasing it, takes this along. */
  // D-111
  async function lockBand(key, band) {
    const locks = await locksFor(key);
    if (!locks || keptBand()?.slot?.aan === locks.antwoord) return;
    const before = keptBand()?.iv;
    const slot = await sealedFor(locks.antwoord, bandOrDash(band));
    const record = keptBand();
    if (record?.iv === before) localStorage.setItem(BAND, JSON.stringify({ ...record, slot }));
  }

  /* What goes with an answer that is sealed to a lock: equally long, also when there is none. */
  async function bandFor(lock) {
    const kept = keptBand()?.slot;
    const slot = kept?.aan === lock ? kept : await sealedFor(lock, "-");
    return Object.fromEntries(["van", "iv", "sealed"].map((name) => [`ervaring_${name}`, slot[name]]));
  }

  const inBase64 = (bytes) =>
    btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (sign) => ({ "+": "-", "/": "_" })[sign] ?? "");

  async function openedFrom({ aan, van, ...kept }, editionKey) {
    const number = new Uint8Array(await digestOf(`${editionKey} keuze`));
    number[0] &= 0x7f; // below the order of the curve
    const point = fromHex(aan).slice(1);
    const [x, y, d] = [point.slice(0, 32), point.slice(32), number].map(inBase64);
    const how = { kty: "EC", crv: "P-256", x, y, d };
    const own = await crypto.subtle.importKey("jwk", how, CURVE, false, ["deriveBits"]);
    return kkZegel.opened(kept, await commonKey(own, van, van + aan));
  }

  /* ---- on the card: sending failed ---- */

  const answerKey = async (editionKey) => toHex(await digestOf(`${editionKey} antwoord`));
  const asOwnChoice = async (choice, editionKey) =>
    kkZegel.sealed(await kkZegel.sealed(choice, editionKey), document.body.dataset.zegel);

  const keysOf = (key) =>
    document.querySelector(`[data-zegel-van="${key}"]`)?.dataset.zegels.split(" ") ?? [];

  // D-87
  async function keep(form, { key, choice }) {
    const [editionKey] = keysOf(key);
    const { optie, doorslag, zeker, verwacht, dag } = choice; // own words are never sent
    const band = bandOrDash(form.querySelector("[name=ervaring]").value);
    const codes = optie + doorslag + zeker + verwacht + band;
    const record = {
      dag,
      titel: document.querySelector("#inhoud h1").textContent,
      antwoord: await kkZegel.sealed(codes, await answerKey(editionKey)),
      keuze: { dag, ...(await asOwnChoice(choice, editionKey)) },
    };
    await wait(form.action.replace(/antwoord$/, "nagekomen"), record);
  }

  /* ---- without a network: what waits, and taking it back ---- */

  async function showWaiting() {
    const example = document.querySelector("[data-wacht]");
    for (const { url, titel, stand, stil } of example ? await records() : []) {
      if (stand || stil) continue; // stil: a session ended since
      const shown = example.cloneNode(true);
      shown.querySelector("[data-wacht-titel]").textContent = titel;
      shown.querySelector("button").addEventListener("click", () => takeBack(url, shown));
      shown.hidden = false;
      example.before(shown);
      shown.querySelector("h2").focus();
    }
  }

  /* Let the worker try to send while this page is looked at: a browser that never lost its own network
     does not say that there is one, nor that a server is back. */
  // D-128
  function ask() {
    if (document.visibilityState === "visible") navigator.serviceWorker?.controller?.postMessage("stuur");
  }

  async function keepAsking(pause = ASK_AFTER) {
    await new Promise((done) => setTimeout(done, pause));
    if (!(await records()).some(({ stand }) => !stand)) return;
    ask();
    keepAsking(Math.min(2 * pause, ASK_AT_LEAST_EVERY));
  }

  async function takeBack(url, shown) {
    await alone(async () => {
      if (!(await isWaiting(url))) return location.reload(); // it just went out
      await remove(url);
      const told = document.querySelector("[data-wacht-weg]");
      shown.remove();
      told.hidden = false;
      told.focus();
    });
  }

  /* ---- on a result: what was accepted is kept as any own choice ---- */

  const allScripts = () => new Promise((done) => addEventListener("DOMContentLoaded", done));

  /* The same, of one that was sealed to locks; nothing where no key of this page opens it. */
  async function fromLocks({ dag, voor, ...kept }) {
    if (document.readyState !== "complete") await allScripts();
    for (const editionKey of keysOf(voor)) {
      const choice = await openedFrom(kept, editionKey).catch(() => null);
      if (choice) return { dag, ...(await asOwnChoice(choice, keysOf(voor)[0])) };
    }
    return null;
  }

  async function takeOver() {
    if (!document.querySelector("[data-uitslag]")) return;
    for (const { url, stand, keuze } of await records()) {
      if (!stand || !keuze || (keuze.voor && !keysOf(keuze.voor).length)) continue;
      const [, slug, number] = url.match(/\/dilemma\/([^/]+)\/(\d+)\//);
      const own = keuze.voor ? await fromLocks(keuze) : keuze;
      if (own) localStorage.setItem(`${CHOICE}${slug}.${number}`, JSON.stringify(own));
      await remove(url);
    }
  }

  const ready = takeOver().catch(() => {});
  showWaiting().catch(() => {});
  if (document.querySelector("[data-wacht]")) {
    const isChoosing = () => document.querySelector("form[data-met-slot] [name=optie]:checked");
    const again = () => isChoosing() || location.reload();
    addEventListener("online", again);
    document.addEventListener("visibilitychange", ask);
    keepAsking().catch(() => {});
    navigator.serviceWorker?.addEventListener("message", again); // the worker sent what waited
  }
  return { keep, ready, isWaiting, wait, sealedFor, lockBand, bandFor };
})();
