/* The page on which somebody keeps one dilemma in their diary. What they chose comes from this
   device, if it still knows; they say why themselves. Nothing of it is sent. */
(() => {
  "use strict";
  const { Refusal, emptied, field, newPhrase, onSend, part, sentence, show } = kkDagboek;
  const MINUTES = 60; // that a draft waits
  const DRAFT_LENGTH = 8000; // of every draft, so that its length tells nothing
  const form = document.querySelector("[data-dagboek=bewaar]");
  const place = form.dataset.plaats;
  const draftKey = `kk.concept ${place}`;
  const QUESTIONS = ["optie", "doorslag", "zeker", "verwacht"];
  const FIELDS = [...QUESTIONS, "waarom", "trefwoorden"];

  const ownKey = () => document.body.dataset.zegel;
  let words = ""; // of the option "Ik zou iets anders doen"
  let day = kkDagboek.localDay();

  /* The own choice, which kopkrakers.js keeps under two locks. */
  async function rememberedChoice() {
    const kept = JSON.parse(localStorage.getItem(`kk.keuze.${place}`));
    const within = await kkZegel.opened(kept, ownKey());
    const keys = document.querySelector(`[data-zegel-van="${place}"]`).dataset.zegels.split(" ");
    return Promise.any(keys.map((key) => kkZegel.opened(within, key)));
  }

  async function fillIn() {
    try {
      const choice = await rememberedChoice();
      for (const name of QUESTIONS) setIfOffered(name, choice[name]);
      ({ woorden: words = "", dag: day } = choice);
      part("weet-nog").hidden = false;
    } catch {
      part("weet-niet").hidden = false; // nothing kept, or not by this person
    }
  }

  function setIfOffered(name, value) {
    const select = field(form, name);
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  }

  /* ---- what is typed waits in this tab, sealed for whoever is signed in ---- */

  let drafting = Promise.resolve(); // one after another, so that what was typed last is what stays

  async function keepDraft() {
    const values = FIELDS.map((name) => field(form, name).value);
    const text = encodeURIComponent(JSON.stringify(values)); // one byte a character
    if (text.length > DRAFT_LENGTH) return;
    const by = await kkZegel.sealed(text.padEnd(DRAFT_LENGTH), ownKey());
    kkZegel.write(draftKey, { at: Date.now(), ...by });
  }

  async function putBackDraft() {
    const kept = kkZegel.read(draftKey);
    if (!kept) return;
    try {
      if (!(Date.now() - kept.at < MINUTES * 6e4)) throw new Error("too old");
      const values = JSON.parse(decodeURIComponent((await kkZegel.opened(kept, ownKey())).trim()));
      FIELDS.forEach((name, number) => (field(form, name).value = values[number]));
    } catch {
      kkZegel.erase(draftKey); // or somebody else's
    }
  }

  function dropDraft() {
    drafting = drafting.then(() => kkZegel.erase(draftKey));
  }

  form.addEventListener("input", () => {
    drafting = drafting.then(keepDraft).catch(() => {});
  });

  /* ---- keeping ---- */

  function pieceHere() {
    const given = Object.fromEntries(FIELDS.map((name) => [name, field(form, name).value.trim()]));
    const shown = (name) => form.querySelector(`[data-gegeven=${name}]`).textContent.trim();
    const options = [...field(form, "verwacht").options].filter(({ value }) => value !== "-");
    return {
      plaats: place,
      dag: day,
      titel: shown("titel"),
      thema: shown("thema"),
      verhaal: shown("verhaal").replace(/\s*\n\s*/g, "\n"),
      opties: Object.fromEntries(options.map(({ value, dataset }) => [value, dataset.naam])),
      woorden: given.optie === "x" ? words : "",
      ...given,
    };
  }

  async function keepHere() {
    if (field(form, "optie").value === "-") {
      field(form, "optie").focus();
      throw new Refusal("kies-eerst");
    }
    if ([...field(form, "waarom").value].length > 1000) throw new Refusal("te-lang");
    const book = await kkDagboek.ownBook();
    if (!book) throw new Refusal("weg");
    await kkDagboek.keep(book, pieceHere());
    dropDraft();
    show("bewaard");
    document.querySelector("[data-dagboek=bewaard] h2").focus();
  }

  onSend(form, keepHere);

  onSend(document.querySelector("[data-dagboek=begin]"), async (begin) => {
    await kkDagboek.begin(newPhrase(begin));
    emptied(begin);
    show("bewaar");
    kkSay(sentence("begonnen"));
    form.querySelector("h2").focus();
  });

  async function start() {
    await fillIn();
    await putBackDraft();
    try {
      show((await kkDagboek.ownBook()) ? "bewaar" : "begin");
    } catch ({ code }) {
      show(code === "onveilig" ? "onveilig" : "verboden");
    }
  }

  start();
})();
