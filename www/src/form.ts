// The fields of the form, and the notes and marks around them.
import type { StepName } from "kraken-signer/inspect";
import { characters } from "./bytes";
import { byId, element } from "./dom";
import type { Range } from "./provenance";

/** The kind of signature: one of the two REST schemes, or the challenge of the Futures WebSocket, which is signed like a body alone. */
export type Mode = "spot" | "futures" | "challenge";

const TEXTS = ["path", "nonce", "body", "secret", "signature", "key", "sentPath", "sentBody", "sentOtp"] as const;
type TextName = (typeof TEXTS)[number];

/** The texts of the fields. */
export type Fields = Record<TextName, string> & { mode: Mode };

const LABELS: Record<Mode | "fix", Partial<Record<TextName, string>>> = {
  spot: { path: "Path, with query", body: "Body", nonce: "Nonce", signature: "Your signature (API-Sign)" },
  futures: { path: "Endpoint path", body: "postData", nonce: "Nonce, if sent", signature: "Your signature (Authent)" },
  challenge: { body: "Challenge", signature: "Your signature (signed_challenge)" },
  fix: { path: "No path: this is a FIX logon", body: "Signed fields", nonce: "Nonce (5025)", signature: "Your password (554)" },
};

/** Whether fields are those of a FIX logon, which is signed as a Futures request without a path. */
export const isFixLogon = ({ mode, path, body }: Pick<Fields, "mode" | "path" | "body">): boolean =>
  mode === "futures" && path === "" && body.endsWith("\u0001");

/** A text area with more characters scrolls. */
const LONG = 2000;
/** The maximum number of characters in a mirror: browsers lay out longer texts slowly. */
const MOST = 20_000;

/** The fields that may have line breaks within. */
const BODIES: readonly TextName[] = ["body", "sentBody"];
/** The notes about line ends that are not simply \n. */
const LINE_ENDS = {
  none: "",
  given: "The line ends of this body are \\r\\n, as they were given. If only copying made them so, press “Line ends”.",
  pasted:
    "The pasted text has the line ends \\r\\n. They are taken for \\n, because copying often changes them. If the program sends \\r\\n, press “Line ends”.",
  mixed:
    "The line ends of this body are not all the same. This field cannot keep them, so it is not the body that was given. Use “npx kraken-signer investigate” for it.",
};

/** The line ends of the bodies. A text area shows all of them as \n. */
let lineEnd: "\n" | "\r\n" = "\n";
let lineEnds: keyof typeof LINE_ENDS = "none";

const form = byId<HTMLFormElement>("request");
const input = (name: TextName): HTMLInputElement | HTMLTextAreaElement => byId(name);
const wrapper = (name: string): HTMLElement | null => form.querySelector<HTMLElement>(`.field[data-step="${name}"]`);

/** Reads the fields. Fields that the mode does not use are empty. */
export function read(): Fields {
  const mode = new FormData(form).get("mode") as Mode;
  const texts = TEXTS.map((name) => [name, mode === "challenge" && (name === "path" || name === "nonce") ? "" : textOf(name)]);
  return { ...(Object.fromEntries(texts) as Record<TextName, string>), mode };
}

/** Fills all fields. Fields that are not given become empty. */
export function write(fields: Partial<Fields>): void {
  const mode = fields.mode ?? "spot";
  byId<HTMLInputElement>(`mode-${mode}`).checked = true;
  for (const name of TEXTS) input(name).value = fields[name] ?? "";
  keepLineEnds(fields.body ?? "");
  refresh();
}

/** Puts a text into one field. */
export function put(name: TextName, text: string): void {
  input(name).value = text;
  if (name === "body") keepLineEnds(text);
  refresh();
}

/** Returns the text of a field, with the line ends that it was given with. */
function textOf(name: TextName): string {
  const { value } = input(name);
  return BODIES.includes(name) ? value.replaceAll("\n", lineEnd) : value;
}

/** Keeps the line ends of a body, which a text area changes. */
function keepLineEnds(text: string): void {
  lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const isSame = text.replace(/\r\n?/g, "\n").replaceAll("\n", lineEnd) === text;
  lineEnds = !isSame ? "mixed" : lineEnd === "\n" ? "none" : "given";
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
  byId("line-ends").addEventListener("click", () => {
    lineEnd = lineEnd === "\n" ? "\r\n" : "\n";
    lineEnds = "none";
    refresh();
    changed();
  });
  for (const name of BODIES) {
    input(name).addEventListener("paste", (event) => {
      const text = (event as ClipboardEvent).clipboardData?.getData("text") ?? "";
      if (text.includes("\r") && lineEnd === "\n") lineEnds = "pasted";
    });
  }
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
  // On a desktop, the fields scroll within the form, and those that appear may be below its end.
  const more = form.querySelector("details");
  more?.addEventListener("toggle", () => {
    if (more.open) more.scrollIntoView({ block: "nearest" });
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

/** Updates the labels, and the mirrors that determine the heights of text areas. */
function refresh(): void {
  const fields = read();
  form.dataset["mode"] = fields.mode;
  const labels = LABELS[isFixLogon(fields) ? "fix" : fields.mode];
  for (const [name, label] of Object.entries(labels)) byId(`${name}-label`).textContent = label;
  for (const mirror of form.querySelectorAll<HTMLElement>(".mirror")) reflect(mirror, undefined);
  const hasLines = BODIES.some((name) => input(name).value.includes("\n"));
  if (!hasLines) {
    lineEnd = "\n";
    lineEnds = "none";
  }
  const button = byId("line-ends");
  button.hidden = !hasLines;
  button.textContent = `Line ends: ${JSON.stringify(lineEnd).slice(1, -1)}`;
  note("body", LINE_ENDS[lineEnds]);
}

/** Returns the number of characters that a text area shows of the first ones of a text. */
const shownLength = (text: string, length: number): number => text.slice(0, length).replaceAll("\r\n", "\n").length;

/** Copies the text of a text area to its mirror, with a range marked. */
function reflect(mirror: HTMLElement, range: Range | undefined): void {
  const area = mirror.parentElement;
  const { id, value: text = "" } = area?.querySelector("textarea") ?? {};
  const sent = id === "body" ? textOf(id) : text;
  // The range is one of the text that is signed, whose line ends may be longer than those that are shown.
  const [from, to] = (range ? characters(sent, range.start, range.length) : [0, 0]).map((at) => shownLength(sent, at)) as [number, number];
  area?.classList.toggle("long", text.length > LONG);
  if (text.length > MOST) {
    mirror.replaceChildren(text.slice(0, MOST));
    return;
  }
  // A line break at the end has no height unless a character follows.
  mirror.replaceChildren(text.slice(0, from), element("mark", {}, text.slice(from, to)), `${text.slice(to)}\u200b`);
}
