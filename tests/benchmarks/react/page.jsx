// The card of a day as React draws it: the smallest page that shows and chooses the same.
import { useState } from "react";
import { createRoot } from "react-dom/client";

const TILES = { doorslag: ["Wet", "Rendement", "Betrokkenheid"], zeker: ["Wat twijfel", "Zeker"] };

function Option({ letter, text, isChosen, choose }) {
  return (
    <label className="kk-option">
      <input type="radio" name="optie" value={letter} checked={isChosen} onChange={() => choose(letter)} />
      <strong>{letter}</strong> {text}
    </label>
  );
}

function Tiles({ name, words }) {
  return (
    <fieldset>
      <legend>{name}</legend>
      {words.map((word) => (
        <label key={word}>
          <input type="radio" name={name} value={word} /> {word}
        </label>
      ))}
    </fieldset>
  );
}

function Card({ lines }) {
  const [chosen, choose] = useState("");
  return (
    <main>
      <h1>Timo of Kevin?</h1>
      {lines.map((line, number) => (
        <p key={number}>{line}</p>
      ))}
      <form method="post">
        {["A", "B", "C"].map((letter) => (
          <Option
            key={letter}
            letter={letter}
            text={lines[0]}
            isChosen={chosen === letter}
            choose={choose}
          />
        ))}
        {chosen && Object.entries(TILES).map(([name, words]) => <Tiles key={name} name={name} words={words} />)}
        <button disabled={!chosen}>Doe mijn keuze in de bus</button>
      </form>
    </main>
  );
}

createRoot(document.getElementById("root")).render(<Card lines={window.LINES} />);
