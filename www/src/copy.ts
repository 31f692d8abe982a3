// Copy buttons.
import { byId, element } from "./dom";

/** Creates a button that copies a text and reports the result. */
export function copyButton(what: string, text: () => string): HTMLButtonElement {
  const word = element("span", {}, "Copy");
  const button = element("button", { type: "button", class: "quiet" }, word, element("span", { class: "unseen" }, ` ${what}`));
  button.addEventListener("click", async () => {
    let result = "Copied";
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      result = "Not allowed";
    }
    word.textContent = result;
    byId("said").textContent = `${result}: ${what}`;
    setTimeout(() => (word.textContent = "Copy"), 1500);
  });
  return button;
}
