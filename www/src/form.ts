// The fields: what is in them, and what is shown around them.
import type { StepName } from "kraken-signer/inspect";
import { characters } from "./bytes";
import { byId, element } from "./dom";
import type { Range } from "./provenance";

/** Which signature: the two REST schemes, and the challenge of the Futures WebSocket, which is signed like a body alone. */
export type Mode = "spot" | "futures" | "challenge";

const TEXTS = ["path", "nonce", "body", "secret", "signature", "key", "sentPath", "sentBody"] as const;
type TextName = (typeof TEXTS)[number];

/** What the fields say. */
export type Fields = Record<TextName, string> & { mode: Mode };

const LABELS: Record<Mode, Partial<Record<TextName, string>>> = {
  spot: { path: "Path, with its query", body: "Body", nonce: "Nonce", signature: "Your signature (API-Sign)" },
  futures: { path: "Endpoint path", body: "postData", nonce: "Nonce, if sent", signature: "Your signature (Authent)" },
  challenge: { body: "Challenge", signature: "Your signature (signed_challenge)" },
};

const form = byId<HTMLFormElement>("request");
const input = (name: TextName): HTMLInputElement | HTMLTextAreaElement => byId(name);
const wrapper = (name: string): HTMLElement | null => form.querySelector<HTMLElement>(`.field[data-step="${name}"]`);

/** What the fields say. Those that a mode has no use for say nothing. */
export function read(): Fields {
  const mode = new FormData(form).get("mode") as Mode;
  const texts = TEXTS.map((name) => [name, mode === "challenge" && (name === "path" || name === "nonce") ? "" : input(name).value]);
  return { ...(Object.fromEntries(texts) as Record<TextName, string>), mode };
}

/** Fills all fields; those not named become empty. */
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

/** Puts the cursor into a field. */
export function focus(name: TextName): void {
  input(name).focus();
}

/** Says something beneath a field, or nothing. */
export function note(name: TextName, text: string): void {
  byId(`${name}-note`).textContent = text;
}

/** Shows where bytes come from, in the fields that have them. */
export function light(ranges: readonly Range[], whole: readonly StepName[]): void {
  for (const field of form.querySelectorAll<HTMLElement>(".field[data-step]")) {
    const step = field.dataset["step"];
    const range = ranges.find((range) => range.step === step);
    field.classList.toggle("lit", range !== undefined || whole.some((name) => name === step));
    const mirror = field.querySelector<HTMLElement>(".mirror");
    if (mirror) reflect(mirror, range);
  }
}

/** Marks the fields in which mistakes happened, with what is to be said about each. */
export function mark(marks: readonly { step: StepName; text: string }[]): void {
  for (const field of form.querySelectorAll<HTMLElement>(".field[data-step]")) {
    const texts = marks.filter(({ step }) => step === field.dataset["step"]).map(({ text }) => text);
    field.classList.toggle("mistaken", texts.length > 0);
    field.querySelector(".mark")?.replaceChildren(...texts.map((text) => element("p", {}, text)));
  }
}

/** Where a step has a field. */
export const fieldOf = (step: StepName): HTMLElement | null => (step === "signature" ? null : wrapper(step));

/**
 * Calls back when anything has changed, when an investigation is asked for, and when a signature has been pasted.
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
  // The field has its new text only afterwards.
  input("signature").addEventListener("paste", () => setTimeout(asked));
  form.addEventListener("keydown", (event) => {
    const area = event.target;
    if (event.key !== "Enter" || !(area instanceof HTMLTextAreaElement)) return;
    if (area.dataset["lines"] === "many" && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    asked();
  });
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[data-reveals]")) {
    const hidden = byId<HTMLInputElement>(button.dataset["reveals"] ?? "");
    button.addEventListener("click", () => {
      const shown = hidden.type === "password";
      hidden.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
  }
}

/** Brings what depends on the fields' texts up to date: labels, and the mirrors that give text areas their heights. */
function refresh(): void {
  const { mode } = read();
  form.dataset["mode"] = mode;
  for (const [name, label] of Object.entries(LABELS[mode])) byId(`${name}-label`).textContent = label;
  for (const mirror of form.querySelectorAll<HTMLElement>(".mirror")) reflect(mirror, undefined);
}

/** Repeats a text area's text behind it, with a stretch of it marked. */
function reflect(mirror: HTMLElement, range: Range | undefined): void {
  const text = mirror.parentElement?.querySelector("textarea")?.value ?? "";
  const [from, to] = range ? characters(text, range.start, range.length) : [0, 0];
  // Without something behind it, a line break at the end would have no height.
  mirror.replaceChildren(text.slice(0, from), element("mark", {}, text.slice(from, to)), `${text.slice(to)}\u200b`);
}
