/* A button under every password and passphrase, for whoever types it on a phone. Sending it hides
   it again. The contract is the list in docs/data-attributes.md. */
(() => {
  "use strict";
  for (const field of document.querySelectorAll("input[type=password]")) {
    const button = document.createElement("button");
    const show = (shown) => {
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    };
    button.type = "button";
    button.className = "utrecht-button utrecht-button--subtle";
    button.textContent = field.dataset.toon ?? "Toon wachtwoord";
    button.setAttribute("aria-controls", field.id);
    show(false);
    button.addEventListener("click", () => show(field.type === "password"));
    // a browser keeps and offers only what it knows as a password
    field.form.addEventListener("submit", () => show(false));
    field.after(button);
  }
})();
