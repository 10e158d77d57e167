/* The compass of an open diary, and its report. Both are drawn from what the browser opened; what
   most people chose stands in the page, for every dilemma of which this person may see it. */
(() => {
  "use strict";
  const { field, localDay, part } = kkDagboek;
  const SVG = "http://www.w3.org/2000/svg";
  const DAY = 864e5; // milliseconds

  const wordOf = (code) => document.querySelector(`[data-woord="${code}"]`).textContent;
  const outcomeOf = ({ plaats }) =>
    document.querySelector(`[data-uitkomst="${CSS.escape(plaats)}"]`)?.textContent;

  /* ---- the compass ---- */

  /* A dilemma that was kept twice counts once: as it was kept last. */
  function once(pieces) {
    const found = new Map();
    const inOrder = [...pieces].sort((one, other) => one.gewijzigd - other.gewijzigd);
    for (const piece of inOrder) found.set(piece.plaats, piece);
    return [...found.values()];
  }

  function bar(percent) {
    const drawn = document.createElementNS(SVG, "svg");
    const shapes = [["kk-bar__track", 100], ["kk-bar__fill kk-fill--a", percent]];
    for (const [name, width] of shapes.filter(([, width]) => width)) {
      const rect = document.createElementNS(SVG, "rect");
      const size = { class: name, width: `${width}%`, height: 12, rx: 6 };
      for (const [key, value] of Object.entries(size)) rect.setAttribute(key, value);
      drawn.append(rect);
    }
    for (const [key, value] of [["class", "kk-bar"], ["width", "100%"], ["height", 12]]) {
      drawn.setAttribute(key, value);
    }
    return drawn;
  }

  /* A table of how often each code came; hidden while none did. */
  function draw(name, codes, given) {
    const table = part(`kompas-${name}`);
    const found = given.filter((code) => codes.includes(code));
    table.hidden = !found.length;
    const rows = codes.map((code) => {
      const number = found.filter((one) => one === code).length;
      const example = document.querySelector('[data-voorbeeld="kompasrij"]');
      const row = example.content.cloneNode(true).firstElementChild;
      field(row, "naam").textContent = wordOf(code);
      field(row, "aantal").textContent = number;
      field(row, "balk").append(bar(Math.round((100 * number) / found.length) || 0));
      return row;
    });
    table.querySelector("tbody").replaceChildren(...rows);
    return found.length;
  }

  function expectationOf(piece) {
    const most = outcomeOf(piece);
    if (piece.verwacht === "-" || !most) return "-";
    return piece.verwacht === most ? "kwam-uit" : "liep-anders";
  }

  const returnOf = ({ optie, terug }) =>
    terug ? (terug.optie === optie ? "zelfde" : "anders") : "-";

  function drawCompass(all) {
    const pieces = once(all);
    part("kompas-leeg").hidden = pieces.length > 0;
    draw("doorslag", ["w", "r", "b"], pieces.map(({ doorslag }) => doorslag));
    draw("zeker", ["1", "2", "3"], pieces.map(({ zeker }) => zeker));
    draw("verwacht", ["kwam-uit", "liep-anders"], pieces.map(expectationOf));
    draw("terug", ["zelfde", "anders"], pieces.map(returnOf));
    const open = pieces.filter((piece) => piece.verwacht !== "-" && !outcomeOf(piece)).length;
    part("kompas-wacht").hidden = !open;
    part("kompas-wacht-aantal").textContent = open;
  }

  /* ---- the report ---- */

  const form = part("verslag-keuze");
  const ticked = new Set(); // ids of pieces whose words are in the report
  let pieces = [];

  const inPeriod = () => {
    const [from, to] = ["van", "tot"].map((name) => field(form, name).value);
    const chosen = pieces.filter(({ dag }) => (!from || dag >= from) && (!to || dag <= to));
    return chosen.sort((one, other) => (one.dag < other.dag ? -1 : 1));
  };

  const inWords = (day) =>
    new Date(`${day}T12:00`).toLocaleDateString("nl-NL", { dateStyle: "long" });
  const wordsIn = ({ waarom, terug }) => [waarom, terug?.waarom].filter(Boolean);

  function cell(tag, words) {
    const made = document.createElement(tag);
    made.textContent = words;
    if (tag === "th") made.scope = "row";
    return made;
  }

  function rowOf({ dag, titel, thema }, minutes) {
    const row = document.createElement("tr");
    row.append(cell("th", titel), cell("td", inWords(dag)), cell("td", thema), cell("td", minutes));
    return row;
  }

  function reflectionOf(piece) {
    const shown = document.createElement("section");
    shown.append(cell("h4", piece.titel));
    for (const words of wordsIn(piece)) {
      const said = cell("p", words);
      said.className = "kk-own-words";
      shown.append(said);
    }
    return shown;
  }

  function tickFor(piece) {
    const example = document.querySelector('[data-voorbeeld="vinkje"]');
    const tick = example.content.cloneNode(true).firstElementChild;
    const box = tick.querySelector("input");
    box.checked = ticked.has(piece.id);
    box.addEventListener("change", () => {
      ticked[box.checked ? "add" : "delete"](piece.id);
      drawSheet();
    });
    tick.querySelector("[data-veld=naam]").textContent = piece.titel;
    tick.querySelector("[data-veld=dag]").textContent = inWords(piece.dag);
    return tick;
  }

  function drawSheet() {
    const chosen = inPeriod();
    const minutes = Math.max(0, Math.round(Number(field(form, "minuten").value) || 0));
    const reflections = chosen.filter((piece) => ticked.has(piece.id) && wordsIn(piece).length);
    part("verslag-rijen").replaceChildren(...chosen.map((piece) => rowOf(piece, minutes)));
    part("verslag-aantal").textContent = chosen.length;
    part("verslag-minuten").textContent = chosen.length * minutes;
    part("verslag-woorden").replaceChildren(...reflections.map(reflectionOf));
    part("verslag-woorden-kop").hidden = !reflections.length;
  }

  function drawReport() {
    const withWords = inPeriod().filter((piece) => wordsIn(piece).length);
    part("verslag-vinkjes").replaceChildren(...withWords.map(tickFor));
    form.querySelector("fieldset").hidden = !withWords.length;
    drawSheet();
  }

  const daysAgo = (days) => new Date(Date.now() - days * DAY).toLocaleDateString("sv");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    print();
  });
  for (const name of ["van", "tot"]) field(form, name).addEventListener("change", drawReport);
  field(form, "minuten").addEventListener("input", drawSheet);
  field(form, "van").value = daysAgo(365);
  field(form, "tot").value = localDay();

  document.addEventListener("kk-dagboek", ({ detail }) => {
    pieces = [...detail.pieces];
    drawCompass(pieces);
    drawReport();
  });
})();
