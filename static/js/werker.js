/* The service worker. It keeps what anyone may read: our files, by their hash, and one page with the
   dilemma of the day, on which nothing of a person stands. Every other page comes from the network
   or not at all. The server writes FILES and VERSION above this (web/assets/worker.py). */
(() => {
  "use strict";
  const OFFLINE = "/zonder-verbinding";
  const KEPT = `kk-${VERSION}`;
  const LEAVING = ["/uitloggen", "/account/overal-uitloggen", "/account/verwijderen"]; // POST: nothing stays

  let emptied = 0; // how often somebody left since this worker woke up

  async function empty() {
    emptied += 1;
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  }

  /* Keep the page of today and our files; for whoever is not signed in nothing is kept. */
  // D-80
  async function fill() {
    const before = emptied;
    const kept = await caches.match(OFFLINE, { cacheName: KEPT });
    const headers = kept ? { "If-None-Match": kept.headers.get("ETag") } : {};
    const page = await fetch(OFFLINE, { redirect: "manual", cache: "no-store", headers });
    if (!page.ok) return;
    const cache = await caches.open(KEPT);
    await cache.addAll(FILES);
    await cache.put(OFFLINE, page);
    if (before !== emptied) await empty(); // they left meanwhile
  }

  async function removeEarlier() {
    const earlier = (await caches.keys()).filter((name) => name !== KEPT);
    await Promise.all(earlier.map((name) => caches.delete(name)));
    await clients.claim();
  }

  async function visit(event, { pathname }) {
    try {
      const page = await fetch(event.request);
      if (pathname === "/" && page.ok) event.waitUntil(fill().catch(() => {}));
      return page;
    } catch {
      return (await caches.match(OFFLINE)) ?? Response.error();
    }
  }

  const fromCache = async (request) =>
    (await caches.match(request, { ignoreVary: true })) ?? fetch(request);

  function titleIn(message) {
    try {
      return message.json().titel;
    } catch {
      return undefined;
    }
  }

  /* A message that was sealed for this browser: the title of the day. One at a time. A browser wants
     something shown for each message, so also for one that cannot be read. */
  async function tell({ data }) {
    await registration.showNotification("Het dilemma van vandaag", {
      body: (data && titleIn(data)) || "Het staat voor je klaar.",
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
  addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (FILES.includes(url.pathname)) event.respondWith(fromCache(request));
    if (request.mode !== "navigate") return;
    if (request.method === "GET") event.respondWith(visit(event, url));
    else if (LEAVING.includes(url.pathname)) event.waitUntil(empty());
  });
})();
