/* What the other scripts share. */

/* Aloud, to whoever cannot see it; also when it says the same again. */
function kkSay(text) {
  if (!text) return;
  const element = document.getElementById("melding");
  element.textContent = "";
  setTimeout(() => (element.textContent = text), 50);
}

/* Why a page refuses, in its own words. */
function kkCauseIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("[data-weigering]")?.textContent.replace(/\s+/g, " ").trim();
}

/* Seals what this device keeps, so that only pages that carry the same key can open it; and lets go
   of what waited in this tab once it arrived. */
const kkZegel = (() => {
  const TYPED = "kk.getypt "; // before the keys of what was typed, in sessionStorage
  const REFUSED = "[data-weigering], [data-wis-toestel]:not(form)";

  const toHex = (bytes) =>
    [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));

  // use: "encrypt" or "decrypt"
  async function ciphered(use, key, iv, bytes) {
    const by = await crypto.subtle.importKey("raw", fromHex(key), "AES-GCM", false, [use]);
    return crypto.subtle[use]({ name: "AES-GCM", iv }, by, bytes);
  }

  async function sealed(value, key) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    // padded, so that the length of what is kept does not tell the choice; words of one's own,
    // which go with one choice only, are 500 characters of at most four bytes
    const json = new TextEncoder().encode(JSON.stringify(value));
    const text = new Uint8Array(Math.max(3e3, json.length)).fill(32);
    text.set(json);
    return { iv: toHex(iv), sealed: toHex(await ciphered("encrypt", key, iv, text)) };
  }

  async function opened(kept, key) {
    const text = await ciphered("decrypt", key, fromHex(kept.iv), fromHex(kept.sealed));
    return JSON.parse(new TextDecoder().decode(text));
  }

  function read(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function write(key, record) {
    try {
      sessionStorage.setItem(key, JSON.stringify(record));
    } catch {
      /* forbidden or full: then nothing waits */
    }
  }

  function erase(key) {
    try {
      sessionStorage.removeItem(key);
    } catch {
      /* nothing there */
    }
  }

  function keys() {
    try {
      return Object.keys(sessionStorage).filter((key) => key.startsWith(TYPED));
    } catch {
      return [];
    }
  }

  /* What was typed has arrived when the page of its form led to this one, which refuses nothing. */
  function hasArrived({ sent, from }) {
    const [opening] = performance.getEntriesByType("navigation");
    const isNext = opening?.type !== "back_forward" && document.referrer === from.split("#")[0];
    return sent && isNext && !document.querySelector(REFUSED);
  }

  for (const key of keys()) {
    const record = read(key);
    // an hour
    const isOld = !(Date.now() - record?.at < 36e5);
    if (isOld || hasArrived(record)) erase(key);
    else write(key, { ...record, sent: false });
  }

  return { TYPED, sealed, opened, keys, read, write, erase };
})();
