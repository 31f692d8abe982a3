// Buttons that copy.
import { byId, element } from "./dom";

/** A button that copies a text, and says so. */
export function copyButton(what: string, text: () => string): HTMLButtonElement {
  const word = element("span", {}, "Copy");
  const button = element("button", { type: "button", class: "quiet" }, word, element("span", { class: "unseen" }, ` ${what}`));
  button.addEventListener("click", async () => {
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      said = "Not allowed";
    }
    word.textContent = said;
    byId("said").textContent = `${said}: ${what}`;
    setTimeout(() => (word.textContent = "Copy"), 1500);
  });
  return button;
}
