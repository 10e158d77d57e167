/* Marks which answer this device keeps to "Hoe lang doe je dit werk?". Keeping is in kopkrakers.js. */
(async () => {
  "use strict";
  try {
    const kept = JSON.parse(localStorage.getItem("kk.ervaring"));
    const band = await kkZegel.opened(kept, document.body.dataset.zegel);
    const chosen = document.querySelector(`[data-ervaring-nu] [data-ervaring="${band}"]`);
    chosen.setAttribute("aria-pressed", "true");
  } catch {
    /* nothing kept, or not by this person */
  }
})();
