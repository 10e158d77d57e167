/* A press counts though the page changes under it. Between pressing and letting go, nothing may take
   the place of what is pressed nor push it away: a button that is not there any more is not clicked.
   By pointer and by space bar; Enter clicks at once. What htmx fetches waits here; other scripts ask. */
const kkPress = (() => {
  "use strict";
  // milliseconds
  const PATIENCE = 8000; // or this page never hears that it was let go
  const CLICKED = 100; // after a finger is lifted

  let heldUntil = 0;

  function hold(event) {
    if (event.button || (event.key && event.key !== " ")) return;
    heldUntil = Date.now() + PATIENCE;
  }

  const letGo = () => (heldUntil = Date.now() + CLICKED);

  /* The list of a select may take the letting go: choosing from it tells. */
  const chosen = ({ target }) => target.tagName === "SELECT" && letGo();

  async function untilLetGo() {
    while (Date.now() < heldUntil) await new Promise((resolve) => setTimeout(resolve, CLICKED));
  }

  async function fetchAndWait(...asked) {
    const answer = await fetch(...asked);
    await answer.clone().text();
    await untilLetGo();
    return answer;
  }

  for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, hold);
  for (const sign of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(sign, letGo);
  document.addEventListener("change", chosen);
  document.addEventListener("htmx:config:request", ({ detail }) => (detail.ctx.fetch = fetchAndWait));
  return { untilLetGo };
})();
