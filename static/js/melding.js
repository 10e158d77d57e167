/* Switches push messages on or off for this device. Only on the page that has the form for it; the
   server gets what the browser gives, by the form itself. The contract is the list in
   docs/data-attributes.md. */
(() => {
  "use strict";
  const PATIENCE = 12_000; // milliseconds
  const form = document.querySelector("form[data-push]");
  const off = document.querySelector("form[data-push-uit]");
  const show = (attribute, there = true) => {
    for (const part of document.querySelectorAll(`[${attribute}]`)) part.hidden = !there;
  };
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

  async function hashOf(text) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function worker() {
    await navigator.serviceWorker.register("/werker.js");
    return navigator.serviceWorker.ready;
  }

  /* Whether the subscription of this browser is the one that the server sends to. */
  async function isHere() {
    const { pushManager } = await worker();
    const subscription = await pushManager.getSubscription();
    if (!subscription || !form.dataset.pushToestel) return false;
    return (await hashOf(subscription.endpoint)) === form.dataset.pushToestel;
  }

  async function tellState() {
    const here = await isHere();
    await kkPress.untilLetGo();
    show("data-push-hier", here);
    show("data-push-elders", !here);
    form.hidden = here;
  }

  /* Another person may have used this browser: their subscription ends, and a new one is made. */
  async function subscribe() {
    const { pushManager } = await worker();
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: toBytes(form.dataset.push),
    });
  }

  /* A browser that cannot reach its push service goes on trying without a word. */
  const inTime = (promise) =>
    Promise.race([
      promise,
      new Promise((_done, fail) => setTimeout(fail, PATIENCE, new Error("too long"))),
    ]);

  async function switchOn(event) {
    event.preventDefault();
    show("data-push-geweigerd", false);
    show("data-push-mislukt", false);
    if ((await Notification.requestPermission()) !== "granted") return show("data-push-geweigerd");
    try {
      const { endpoint, keys } = (await inTime(subscribe())).toJSON();
      form.elements.adres.value = endpoint;
      form.elements.sleutel.value = keys.p256dh;
      form.elements.geheim.value = keys.auth;
      form.submit();
    } catch {
      show("data-push-mislukt");
    }
  }

  /* Only when the messages go to this device: another keeps its own. */
  async function switchOff(event) {
    event.preventDefault();
    try {
      const { pushManager } = await worker();
      if (await isHere()) await (await pushManager.getSubscription()).unsubscribe();
    } finally {
      off.submit();
    }
  }

  show("data-push-zonder", false);
  const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!can || !form) return show("data-push-kan-niet");
  form.hidden = false;
  form.addEventListener("submit", switchOn);
  off?.addEventListener("submit", switchOff);
  tellState().catch(() => {});
})();
