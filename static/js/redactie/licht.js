/* Shows the preview of a card in the other colours: dark on a light device, light on a dark one.
   A page also works without this file. The contract is the list in docs/data-attributes.md. */
(() => {
  "use strict";
  const part = document.querySelector("[data-licht]");
  const button = part?.querySelector("[data-licht-knop]");
  if (!button) return;

  const TOKEN = "--utrecht-document-background-color"; // every set of colours begins with it
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const sets = { light: null, dark: null };
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      const isDark = rule instanceof CSSMediaRule && rule.conditionText.includes("dark");
      for (const inner of isDark ? rule.cssRules : [rule]) {
        // the dark ones are not for a gemeente with colours of its own
        const isHere = inner.style?.getPropertyValue(TOKEN) && document.documentElement.matches(inner.selectorText);
        if (!isHere) continue;
        if (isDark) sets.dark ??= inner.style;
        else sets.light ??= inner.style;
      }
    }
  }
  if (!sets.light || !sets.dark) return;

  /* The light ones always first: values that are made of others are worked out anew here. */
  function paint(name) {
    for (const style of name === "dark" ? [sets.light, sets.dark] : [sets.light]) {
      for (const token of style) {
        if (token.startsWith("--")) part.style.setProperty(token, style.getPropertyValue(token));
      }
    }
    part.style.colorScheme = name;
    part.style.background = `var(${TOKEN})`;
    part.style.color = "var(--utrecht-document-color)";
  }

  function show() {
    const other = dark.matches ? "light" : "dark";
    const isOther = button.getAttribute("aria-pressed") === "true";
    button.textContent = other === "dark" ? "Bekijk haar in het donker" : "Bekijk haar in het licht";
    part.removeAttribute("style");
    if (isOther) paint(other);
  }

  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    show();
  });
  dark.addEventListener("change", show);
  show();
  button.hidden = false;
})();
