/* The service worker. It keeps what anyone may read: our files, by their hash, and one page with the
   dilemma of the day, on which nothing of a person stands; and the locks with which an answer given
   there is sealed (js/zonder.js). Every other page comes from the network or not at all. It sends
   answers that wait for a network (js/wacht.js), which it cannot read.
   The server writes FILES and VERSION above this (web/assets/worker.py). */
(() => {
  "use strict";
  const OFFLINE = "/zonder-verbinding";
  const LOCKS = "/zonder-verbinding/slot";
  const KEPT = `kk-${VERSION}`;
  const WAITING = "kk-wacht"; // of answers; outlives a version
  const KEEP_DAYS = 14;
  const PATIENCE = 8000; // milliseconds for an answer to arrive
  const LEAVING = ["/uitloggen", "/account/overal-uitloggen", "/account/verwijderen"]; // POST: nothing stays

  const ENTERING = "/inloggen"; // and every form that is not sent by a script
  let emptied = 0; // how often somebody left since this worker woke up
  let changed = 0; // how often somebody else may have come

  async function empty() {
    emptied += 1;
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  }

  /* Somebody may sign in: the locks of whoever was here close nothing for them. */
  async function removeLocks() {
    changed += 1;
    if (await caches.has(KEPT)) await (await caches.open(KEPT)).delete(LOCKS);
  }

  /* Keep the page of today, our files and the locks; for whoever is not signed in nothing is kept. */
  // D-80
  async function fill() {
    const [emptiedBefore, changedBefore] = [emptied, changed];
    const kept = await caches.match(OFFLINE, { cacheName: KEPT });
    const headers = kept ? { "If-None-Match": kept.headers.get("ETag") } : {};
    const how = { redirect: "manual", cache: "no-store" };
    const page = await fetch(OFFLINE, { ...how, headers });
    if (!page.ok && page.status !== 304) return;
    const locks = await fetch(LOCKS, how);
    const cache = await caches.open(KEPT);
    if (page.ok) {
      await cache.addAll(FILES);
      await cache.put(OFFLINE, page);
    }
    if (locks.status === 200) await cache.put(LOCKS, locks);
    else await cache.delete(LOCKS);
    if (changedBefore !== changed) await cache.delete(LOCKS);
    if (emptiedBefore !== emptied) await empty(); // they left meanwhile
  }

  async function removeEarlier() {
    const earlier = (await caches.keys()).filter((name) => ![KEPT, WAITING].includes(name));
    await Promise.all(earlier.map((name) => caches.delete(name)));
    await clients.claim();
  }

  /* ---- answers that wait ---- */

  const alone = (work) => (navigator.locks ? navigator.locks.request(WAITING, work) : work());
  const isOld = ({ dag }) => !(Date.now() - Date.parse(dag) < KEEP_DAYS * 864e5);

  async function records(cache) {
    const found = [];
    for (const { url } of await cache.keys()) {
      try {
        found.push({ url, ...(await (await cache.match(url)).json()) });
      } catch {
        await cache.delete(url); // no record of ours
      }
    }
    return found;
  }

  const write = (cache, url, record) => cache.put(url, new Response(JSON.stringify(record)));

  async function post(url, sealed) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const body = new URLSearchParams(sealed);
    const how = { method: "POST", body, redirect: "manual", signal: stop.signal };
    try {
      return await fetch(url, how);
    } catch {
      return Response.error();
    } finally {
      clearTimeout(timer);
    }
  }

  /* Send one; gives how it stands: in the box, used before, closed, not theirs, or still waiting. */
  async function send(cache, { url, ...record }) {
    const { dag, antwoord, keuze, eerder } = record;
    const { type, status } = await post(url, antwoord);
    if (type === "opaqueredirect") {
      // whoever reads here now may be somebody else: the page without a network says nothing of it
      await write(cache, url, { ...record, stil: true });
      return "uitgelogd";
    }
    if (status === 403) {
      await cache.delete(url); // somebody else is signed in: it is nobody's
      return "weg";
    }
    const stand = { 204: "in", 404: "dicht", 409: "al", 410: "dicht" }[status];
    const own = { in: keuze, al: eerder }[stand] ?? null; // used before: by what went before, if any
    if (stand) await write(cache, url, { dag, stand, keuze: own });
    return stand ?? "wacht";
  }

  /* The cache of what waits, where there is one: what somebody took along when they left is not
     made anew. */
  const waiting = async () => (await caches.has(WAITING)) && caches.open(WAITING);

  /* Send what waits; gives how each answer stands. */
  async function sendAll() {
    if (!(await caches.has(WAITING))) return [];
    return alone(async () => {
      const cache = await waiting();
      const stands = [];
      if (!cache) return stands;
      for (const record of await records(cache)) {
        if (isOld(record)) await cache.delete(record.url);
        else if (!record.stand) stands.push(await send(cache, record));
      }
      return stands;
    });
  }

  /* Send what waits, and tell the pages that are open, unless all of it waits on. Gives whether
     nothing waits any more. */
  async function sendAndTell() {
    const stands = await sendAll();
    const goOn = stands.length > 0 && stands.every((stand) => stand === "wacht");
    if (!goOn) for (const client of await clients.matchAll()) client.postMessage("verstuurd");
    return !stands.includes("wacht");
  }

  async function sendBySync() {
    if (!(await sendAndTell())) throw new Error("no network yet"); // the browser tries again
  }

  const isSignedIn = async () => {
    const reply = await fetch(LOCKS, { redirect: "manual", cache: "no-store" }).catch(() => null);
    return reply?.type === "basic"; // not sent on to the page to sign in
  };

  /* What waits goes first, so that the page asked for knows of it. Gives a page in its place: of what
     became of an answer, once, or that it still waits. */
  async function settled() {
    const stands = await sendAll();
    const cache = await waiting();
    if (!cache) return undefined;
    const untold = (await records(cache)).find(({ stand, told }) => stand && !told);
    if (!untold) return stands.includes("wacht") ? caches.match(OFFLINE) : undefined;
    if (!(await isSignedIn())) return undefined; // no address may tell who comes next
    const { url, ...record } = untold;
    if (record.keuze) await write(cache, url, { ...record, told: true });
    else await cache.delete(url);
    return Response.redirect(url.replace("nagekomen", record.stand === "dicht" ? "te-laat" : "uitslag"));
  }

  /* ---- what pages ask ---- */

  /* A page that broke off halfway is none: the browser would go on waiting for the rest. */
  async function whole(page) {
    const isPage = page.headers.get("Content-Type")?.startsWith("text/html");
    return isPage ? new Response(await page.blob(), page) : page;
  }

  async function visit(event, { pathname }) {
    if (pathname === "/" || pathname.startsWith("/dilemma/")) {
      const page = await settled();
      if (page) return page;
    } else event.waitUntil(sendAll().catch(() => {})); // told by the next page of the day
    try {
      const page = await whole(await fetch(event.request));
      if (pathname === "/" && page.ok) event.waitUntil(fill().catch(() => {}));
      return page;
    } catch {
      return (await caches.match(OFFLINE)) ?? Response.error();
    }
  }

  const fromCache = async (request) =>
    (await caches.match(request, { ignoreVary: true })) ?? fetch(request);

  function wordsIn(message) {
    try {
      return message.json() ?? {};
    } catch {
      return {};
    }
  }

  /* A message that was sealed for this browser: the title of the day. One at a time. A browser wants
     something shown for each message, so also for one that cannot be read. */
  async function tell({ data }) {
    const { kop, titel } = data ? wordsIn(data) : {};
    await registration.showNotification(kop || "Het dilemma van vandaag", {
      body: titel || "Het staat voor je klaar.",
      tag: "dilemma",
      lang: "nl",
      icon: "/apple-touch-icon.png",
    });
  }

  /* Go to the window that is open, or open one. */
  async function openToday(event) {
    event.notification.close();
    const [open] = await clients.matchAll({ type: "window" });
    if (!open) return clients.openWindow("/");
    return (await open.focus()).navigate("/");
  }

  addEventListener("push", (event) => event.waitUntil(tell(event)));
  addEventListener("notificationclick", (event) => event.waitUntil(openToday(event)));
  addEventListener("install", (event) => {
    skipWaiting();
    event.waitUntil(fill());
  });
  addEventListener("activate", (event) => event.waitUntil(removeEarlier()));
  addEventListener("sync", (event) => event.waitUntil(sendBySync()));
  addEventListener("message", (event) => event.waitUntil(sendAndTell())); // a page asks
  addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (FILES.includes(url.pathname)) event.respondWith(fromCache(request));
    if (request.mode !== "navigate") return;
    const isForm = request.method !== "GET";
    if (LEAVING.includes(url.pathname) && isForm) event.waitUntil(empty());
    else if (isForm || url.pathname.startsWith(ENTERING)) event.waitUntil(removeLocks());
    if (!isForm) event.respondWith(visit(event, url));
  });
})();
