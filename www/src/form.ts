// The fields of the form, and the notes and marks around them.
import type { StepName } from "kraken-signer/inspect";
import { characters } from "./bytes";
import { byId, element } from "./dom";
import type { Range } from "./provenance";

/** The kind of signature: one of the two REST schemes, or the challenge of the Futures WebSocket, which is signed like a body alone. */
export type Mode = "spot" | "futures" | "challenge";

const TEXTS = ["path", "nonce", "body", "secret", "signature", "key", "sentPath", "sentBody"] as const;
type TextName = (typeof TEXTS)[number];

/** The texts of the fields. */
export type Fields = Record<TextName, string> & { mode: Mode };

const LABELS: Record<Mode, Partial<Record<TextName, string>>> = {
  spot: { path: "Path, with query", body: "Body", nonce: "Nonce", signature: "Your signature (API-Sign)" },
  futures: { path: "Endpoint path", body: "postData", nonce: "Nonce, if sent", signature: "Your signature (Authent)" },
  challenge: { body: "Challenge", signature: "Your signature (signed_challenge)" },
};

/** A text area with more characters scrolls. */
const LONG = 2000;
/** The maximum number of characters in a mirror: browsers lay out longer texts slowly. */
const MOST = 20_000;

const form = byId<HTMLFormElement>("request");
const input = (name: TextName): HTMLInputElement | HTMLTextAreaElement => byId(name);
const wrapper = (name: string): HTMLElement | null => form.querySelector<HTMLElement>(`.field[data-step="${name}"]`);

/** Reads the fields. Fields that the mode does not use are empty. */
export function read(): Fields {
  const mode = new FormData(form).get("mode") as Mode;
  const texts = TEXTS.map((name) => [name, mode === "challenge" && (name === "path" || name === "nonce") ? "" : input(name).value]);
  return { ...(Object.fromEntries(texts) as Record<TextName, string>), mode };
}

/** Fills all fields. Fields that are not given become empty. */
export function write(fields: Partial<Fields>): void {
  const mode = fields.mode ?? "spot";
  byId<HTMLInputElement>(`mode-${mode}`).checked = true;
  for (const name of TEXTS) input(name).value = fields[name] ?? "";
  refresh();
}

/** Puts a text into one field. */
export function put(name: TextName, text: string): void {
  input(name).value = text;
  refresh();
}

/** Moves the focus to a field. */
export function focus(name: TextName): void {
  input(name).focus();
}

/** Sets the note below a field. An empty text removes it. */
export function note(name: TextName, text: string): void {
  byId(`${name}-note`).textContent = text;
}

/** Highlights the source of bytes in the fields. */
export function light(ranges: readonly Range[], whole: readonly StepName[]): void {
  for (const field of form.querySelectorAll<HTMLElement>(".field[data-step]")) {
    const step = field.dataset["step"];
    const range = ranges.find((range) => range.step === step);
    field.classList.toggle("lit", range !== undefined || whole.some((name) => name === step));
    const mirror = field.querySelector<HTMLElement>(".mirror");
    if (mirror) reflect(mirror, range);
  }
}

/** Marks the fields with mistakes, with an explanation of each. */
export function mark(marks: readonly { step: StepName; text: string }[]): void {
  for (const field of form.querySelectorAll<HTMLElement>(".field[data-step]")) {
    const texts = marks.filter(({ step }) => step === field.dataset["step"]).map(({ text }) => text);
    field.classList.toggle("mistaken", texts.length > 0);
    field.querySelector(".mark")?.replaceChildren(...texts.map((text) => element("p", {}, text)));
  }
}

/** Returns the field of a step, if it has one. */
export const fieldOf = (step: StepName): HTMLElement | null => (step === "signature" ? null : wrapper(step));

/**
 * Registers callbacks: `changed` runs after every input, and `asked` when the user submits the form or pastes a signature.
 */
export function start({ changed, asked }: { changed: () => void; asked: () => void }): void {
  form.addEventListener("input", () => {
    refresh();
    changed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    asked();
  });
  // The field gets its new text after the event.
  input("signature").addEventListener("paste", () => setTimeout(asked));
  form.addEventListener("keydown", (event) => {
    const area = event.target;
    if (event.key !== "Enter" || !(area instanceof HTMLTextAreaElement)) return;
    if (area.dataset["lines"] === "many" && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    asked();
  });
  for (const area of form.querySelectorAll<HTMLTextAreaElement>(".area textarea")) {
    area.addEventListener("scroll", () => area.previousElementSibling?.scrollTo(0, area.scrollTop));
  }
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[data-reveals]")) {
    const hidden = byId<HTMLInputElement>(button.dataset["reveals"] ?? "");
    button.addEventListener("click", () => {
      const shown = hidden.type === "password";
      hidden.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
  }
}

/** Updates the labels, and the mirrors that determine the heights of text areas. */
function refresh(): void {
  const { mode } = read();
  form.dataset["mode"] = mode;
  for (const [name, label] of Object.entries(LABELS[mode])) byId(`${name}-label`).textContent = label;
  for (const mirror of form.querySelectorAll<HTMLElement>(".mirror")) reflect(mirror, undefined);
}

/** Copies the text of a text area to its mirror, with a range marked. */
function reflect(mirror: HTMLElement, range: Range | undefined): void {
  const area = mirror.parentElement;
  const text = area?.querySelector("textarea")?.value ?? "";
  const [from, to] = range ? characters(text, range.start, range.length) : [0, 0];
  area?.classList.toggle("long", text.length > LONG);
  if (text.length > MOST) {
    mirror.replaceChildren(text.slice(0, MOST));
    return;
  }
  // A line break at the end has no height unless a character follows.
  mirror.replaceChildren(text.slice(0, from), element("mark", {}, text.slice(from, to)), `${text.slice(to)}\u200b`);
}
