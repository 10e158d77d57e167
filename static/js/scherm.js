/* The scherm of a session: makes what it shows fit, and moves it by keyboard. What it shows is
   fetched by intervisie.js, which says when there is something new.
   The contract is the list in docs/data-attributes.md. */
(() => {
  "use strict";
  // milliseconds
  const TROUBLE = 4000;
  const PATIENCE = 8000;

  /* ---- it always fits: first smaller letters, then pages with a mark ---- */

  const SMALLER = ["ki-klein-1", "ki-klein-2", "ki-klein-3"];
  const known = new Set();
  let leaves = [];
  let leaf = 0;
  let turned = 0; // by the regie
  let subject = "";

  const isTooFull = (box) => box.scrollHeight > box.clientHeight + 1;
  const tooFull = () => [...document.querySelectorAll(".ki-paneel, .ki-doen")].filter(isTooFull);
  const itemsIn = (box) =>
    [...box.querySelectorAll("[data-blader] > *")].filter((item) => !item.closest(".kk-aloud"));

  // D-40
  function fit() {
    const scherm = document.querySelector(".ki-scherm");
    if (!scherm) return;
    const foot = scherm.querySelector(".ki-blader");
    const before = leaves[leaf]?.[0]?.dataset.reden;
    const isOther = scherm.dataset.stap !== subject; // another step, or something else is shown
    const was = isOther ? 0 : leaf;
    const turns = isOther ? 0 : scherm.dataset.blad - turned;
    subject = scherm.dataset.stap;
    turned = Number(scherm.dataset.blad);
    const root = document.documentElement;
    for (const item of itemsIn(scherm)) item.hidden = false;
    root.classList.remove(...SMALLER);
    foot.hidden = true;
    leaves = [];
    const reasons = [...scherm.querySelectorAll("[data-reden]")];
    for (const size of SMALLER) {
      // reasons come one after the other anyway: they stay as large as they are
      if (!tooFull().some((box) => !box.contains(reasons[0] ?? null))) break;
      root.classList.add(size);
    }
    for (const size of ["", ...SMALLER]) {
      // unless one alone, or a second panel beside them, cannot be read otherwise
      if (size) root.classList.add(size);
      if (makeLeaves(foot)) break;
    }
    const held = leaves.findIndex(holding(lastLetThrough(reasons) ?? before));
    leaf = held < 0 ? Math.min(was, Math.max(0, leaves.length - 1)) : held;
    showLeaf(turns);
    tellLeaves();
  }

  /* The regie has buttons to turn pages when there are some. Asked anew where it did not arrive. */
  function tellLeaves() {
    const form = document.querySelector("[data-bladen]");
    if (!form || leaves.length <= form.dataset.bladen) return;
    form.dataset.bladen = leaves.length;
    const fields = new URLSearchParams(new FormData(form));
    fields.append("bladen", leaves.length);
    fields.append("versie", document.querySelector("[data-live]").dataset.gezien);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), PATIENCE);
    const telling = { method: "POST", body: fields, signal: controller.signal };
    fetch(form.action, telling).catch(() => {
      setTimeout(() => {
        form.dataset.bladen = 1;
        tellLeaves();
      }, TROUBLE);
    });
  }

  /* Pages for all that is too long; whether everything can be read then. */
  function makeLeaves(foot) {
    const isLong = (box) => itemsIn(box).length > 1;
    leaves = [];
    foot.hidden = !tooFull().some(isLong); // it takes height as well
    const boxes = tooFull();
    const parts = boxes.filter(isLong).map(pagesOf);
    const most = Math.max(0, ...parts.map(({ pages }) => pages.length));
    for (let place = 0; place < most; place += 1) {
      leaves.push(parts.flatMap(({ pages }) => pages[Math.min(place, pages.length - 1)]));
    }
    return boxes.every(isLong) && parts.every(({ isWhole }) => isWhole);
  }

  function pagesOf(panel) {
    const items = itemsIn(panel);
    const last = items[items.length - 1];
    const taken = last.offsetTop + last.offsetHeight - items[0].offsetTop;
    const room = panel.clientHeight - (panel.scrollHeight - taken);
    const isWhole = items.every((item) => item.offsetHeight <= room + 1);
    return { pages: divided(items, room), isWhole };
  }

  const holding = (id) => (page) => id && page.some((item) => item.dataset.reden === id);

  /* The reason that was let through last is always in view. */
  function lastLetThrough(reasons) {
    const ids = reasons.map((item) => item.dataset.reden);
    const fresh = known.size ? [...ids].reverse().find((id) => !known.has(id)) : undefined;
    for (const id of ids) known.add(id);
    return fresh;
  }

  /* Items by page, as many on each as fit in this height. */
  function divided(items, height) {
    const pages = [];
    let top = 0;
    for (const item of items) {
      if (!pages.length || item.offsetTop + item.offsetHeight - top > height) {
        pages.push([]);
        top = item.offsetTop;
      }
      pages[pages.length - 1].push(item);
    }
    return pages;
  }

  function showLeaf(by) {
    if (leaves.length < 2) return;
    leaf = (((leaf + by) % leaves.length) + leaves.length) % leaves.length;
    const items = [...new Set(leaves.flat())];
    for (const item of items) item.hidden = !leaves[leaf].includes(item);
    const here = leaves[leaf].map((item) => items.indexOf(item) + 1);
    const [first, last] = [Math.min(...here), Math.max(...here)];
    const shown = first === last ? first : `${first} tot ${last}`;
    const what = items[0].dataset.reden ? " redenen" : "";
    const isOne = last - first + 1 === here.length; // else two panels turn at once
    const place = `blad ${leaf + 1} van ${leaves.length}`;
    const words = document.querySelector(".ki-blader > span");
    words.textContent = isOne ? `${shown} van ${items.length}${what} · ${place}` : place;
    if (by) kkSay(words.textContent);
  }

  /* ---- by keyboard ---- */

  const NEXT = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1 };
  const BACK = { ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  const TURNS = { ...NEXT, ...BACK };
  const SCROLLS = { ArrowDown: 0.25, ArrowUp: -0.25, PageDown: 0.9, PageUp: -0.9, " ": 0.9 };

  function moveScreen(event) {
    const panel = document.querySelector(".ki-scherm .ki-paneel");
    const presses = event.key === " " && event.target.closest("button");
    if (event.altKey || event.ctrlKey || event.metaKey || presses) return;
    const turn = TURNS[event.key];
    if (turn && leaves.length > 1) {
      event.preventDefault();
      showLeaf(turn);
      return;
    }
    if (event.key.toLowerCase() === "l") {
      document.documentElement.classList.toggle("ki-licht");
      return;
    }
    if (event.key.toLowerCase() === "f") {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen?.();
      return;
    }
    const by = SCROLLS[event.key];
    if (!panel || by === undefined) return;
    event.preventDefault();
    panel.scrollBy({ top: by * panel.clientHeight });
  }

  /* ---- beginning ---- */

  document.addEventListener("kk-getoond", ({ detail }) => (detail.isSame ? tellLeaves() : fit()));
  document.addEventListener("keydown", moveScreen);
  document.addEventListener("click", (event) => {
    showLeaf(Number(event.target.dataset?.bladerNaar ?? 0));
  });
  addEventListener("resize", fit);
  document.fonts.ready.then(fit);
})();
