/* An answer that could not be sent for want of a network. It waits in this browser, sealed twice
   over: for the server, which alone can open it for who gave it, and for the device, as every own
   choice. The service worker sends it. Loaded when sending fails, by the page without a network and
   by a result. The contract is the list in docs/data-attributes.md. */
window.kkWacht = (() => {
  "use strict";
  const WAITING = "kk-wacht"; // a cache of its own; its addresses are those to send to
  const CHOICE = "kk.keuze.";

  /* One at a time, also beside the worker. */
  const alone = (work) => (navigator.locks ? navigator.locks.request(WAITING, work) : work());

  async function records() {
    if (!window.caches || !(await caches.has(WAITING))) return [];
    const cache = await caches.open(WAITING);
    const read = async ({ url }) => ({ url, ...(await (await cache.match(url)).json()) });
    return Promise.all((await cache.keys()).map(read));
  }

  const remove = async (url) => (await caches.open(WAITING)).delete(url);

  /* ---- on the card: sending failed ---- */

  async function answerKey(editionKey) {
    const text = new TextEncoder().encode(`${editionKey} antwoord`);
    const bytes = await crypto.subtle.digest("SHA-256", text);
    return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // D-87
  async function keep(form, { key, choice }) {
    const { sealed } = kkZegel;
    const place = document.querySelector(`[data-zegel-van="${key}"]`);
    const [editionKey] = place.dataset.zegels.split(" ");
    const { optie, doorslag, zeker, verwacht, dag } = choice; // own words are never sent
    const codes = optie + doorslag + zeker + verwacht + form.querySelector("[name=ervaring]").value;
    const record = {
      dag,
      titel: document.querySelector("#inhoud h1").textContent,
      antwoord: await sealed(codes, await answerKey(editionKey)),
      keuze: { dag, ...(await sealed(await sealed(choice, editionKey), document.body.dataset.zegel)) },
    };
    const url = form.action.replace(/antwoord$/, "nagekomen");
    const write = async () =>
      (await caches.open(WAITING)).put(url, new Response(JSON.stringify(record)));
    await alone(write);
    const { sync } = await navigator.serviceWorker.ready;
    await sync?.register(WAITING).catch(() => {}); // refused: then at the next opening
    location.assign("/");
  }

  /* ---- without a network: what waits, and taking it back ---- */

  async function showWaiting() {
    const example = document.querySelector("[data-wacht]");
    for (const { url, titel, stand } of example ? await records() : []) {
      if (stand) continue;
      const shown = example.cloneNode(true);
      shown.querySelector("[data-wacht-titel]").textContent = titel;
      shown.querySelector("button").addEventListener("click", () => takeBack(url, shown));
      shown.hidden = false;
      example.before(shown);
      shown.querySelector("h2").focus();
    }
  }

  async function takeBack(url, shown) {
    await alone(async () => {
      const found = (await records()).find((record) => record.url === url);
      if (!found || found.stand) return location.reload(); // it just went out
      await remove(url);
      const told = document.querySelector("[data-wacht-weg]");
      shown.remove();
      told.hidden = false;
      told.focus();
    });
  }

  /* ---- on a result: what was accepted is kept as any own choice ---- */

  async function takeOver() {
    if (!document.querySelector("[data-uitslag]")) return;
    for (const { url, stand, keuze } of await records()) {
      if (stand !== "in") continue;
      const [, slug, number] = url.match(/\/dilemma\/([^/]+)\/(\d+)\//);
      localStorage.setItem(`${CHOICE}${slug}.${number}`, JSON.stringify(keuze));
      await remove(url);
    }
  }

  const ready = takeOver().catch(() => {});
  showWaiting().catch(() => {});
  if (document.querySelector("[data-wacht]")) {
    const again = () => location.reload();
    addEventListener("online", again);
    navigator.serviceWorker?.addEventListener("message", again); // the worker sent what waited
  }
  return { keep, ready };
})();
