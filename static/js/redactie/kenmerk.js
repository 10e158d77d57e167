/* What in a case that is being written may point at a person, said while somebody types. It looks on
   this device alone and sends nothing; the server looks again when the case is sent. Every page
   also works without this file. The contract is the list in docs/data-attributes.md. */
(() => {
  "use strict";
  const BREATH = 500; // milliseconds after the last key
  const form = document.querySelector("form[data-kenmerken]");
  const place = document.querySelector("[data-gemerkt]");
  if (!form || !place) return;

  /* A pattern that an old browser does not know is left to the server. */
  const kinds = JSON.parse(form.dataset.kenmerken).flatMap(({ what, pattern, flags, eleven }) => {
    try {
      return [{ what, eleven, pattern: new RegExp(pattern, flags) }];
    } catch {
      return [];
    }
  });

  /* As `is_bsn` in desk/sending/marks.py: 9 times the first digit … 2 times, minus the last. */
  function isBsn(text) {
    const digits = text.replace(/\D/g, "").padStart(9, "0");
    const weighed = [...digits.slice(0, 8)].reduce((sum, digit, at) => sum + (9 - at) * digit, 0);
    return Number(digits) !== 0 && (weighed - digits[8]) % 11 === 0;
  }

  function marksIn(text) {
    const found = kinds.flatMap(({ what, pattern, eleven }) =>
      [...text.matchAll(pattern)]
        .filter(([match]) => !eleven || isBsn(match))
        .map(([match]) => `‘${match}’ lijkt ${what}`),
    );
    return [...new Set(found)];
  }

  async function show() {
    await kkPress.untilLetGo();
    const typed = [...form.querySelectorAll("textarea")].map((field) => field.value);
    const marks = marksIn(typed.join("\n"));
    const list = place.querySelector("ul");
    const told = marks.join("\n");
    if (list.dataset.verteld === told) return;
    list.dataset.verteld = told;
    list.replaceChildren(
      ...marks.map((words) => Object.assign(document.createElement("li"), { textContent: words })),
    );
    place.hidden = !marks.length;
    if (marks.length) kkSay(marks.at(-1));
  }

  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, BREATH);
  });
  // what waited in the tab stands there a moment later
  setTimeout(show, 2 * BREATH);
})();
