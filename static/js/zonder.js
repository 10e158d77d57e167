/* Choosing on the page without a network. On that page stands no key of a person, so an answer is
   sealed to locks that the service worker fetched for whoever was signed in: this device cannot
   open what it closed. The contract is the list in docs/data-attributes.md. */
(() => {
  "use strict";
  const LOCKS = "/zonder-verbinding/slot";
  const LOCK_DAYS = 14;
  const form = document.querySelector("form[data-met-slot]");
  let isSent = false;

  /* The locks for this card, if this browser has them and they are not old. */
  async function locksHere() {
    const kept = await window.caches?.match(LOCKS);
    if (!kept || !crypto.subtle) return null;
    const locks = await kept.json();
    const isOld = !(Date.now() - Date.parse(locks.dag) < LOCK_DAYS * 864e5);
    return locks.voor === form.dataset.sleutel && !isOld ? locks : null;
  }

  async function offer() {
    const locks = await locksHere();
    if (!locks || (await kkWacht.isWaiting(form.action))) return;
    for (const reading of document.querySelectorAll("[data-zonder-slot]")) reading.hidden = true;
    for (const choosing of document.querySelectorAll("[data-met-slot]")) choosing.hidden = false;
  }

  const chosen = (name) => form.querySelector(`[name="${name}"]:checked`)?.value ?? "-";

  /* The day as this device has it, unless its clock is behind that of the server. */
  function dayOf(locks) {
    const here = new Date().toISOString().slice(0, 10);
    return here > locks.dag ? here : locks.dag;
  }

  // D-91
  async function keep() {
    const locks = await locksHere();
    const dag = dayOf(locks);
    const [optie, doorslag, zeker, verwacht] = ["optie", "doorslag", "zeker", "verwacht"].map(chosen);
    const codes = `${optie}${doorslag}${zeker}${verwacht}-`; // the experience goes beside it
    const choice = { optie, doorslag, zeker, verwacht, dag };
    const words = form.querySelector("[data-anders-veld] textarea")?.value.trim();
    if (optie === "x" && words) choice.woorden = words; // never sent
    const answer = await kkWacht.sealedFor(locks.antwoord, codes);
    await kkWacht.wait(form.action, {
      dag,
      titel: document.querySelector("#inhoud h1").textContent,
      antwoord: { ...answer, ...(await kkWacht.bandFor(locks.antwoord)) },
      keuze: { dag, voor: locks.voor, ...(await kkWacht.sealedFor(locks.keuze, choice)) },
    });
  }

  async function send(event) {
    event.preventDefault();
    if (isSent) return; // a double tap is one answer
    isSent = true;
    try {
      await keep();
    } catch {
      isSent = false;
      document.getElementById("storing").hidden = false;
    }
  }

  /* A reload would lose what was chosen and not sealed yet. */
  function guard(event) {
    if (!isSent && chosen("optie") !== "-") event.preventDefault();
  }

  if (!form) return;
  form.addEventListener("submit", send);
  addEventListener("beforeunload", guard);
  offer().catch(() => {});
})();
