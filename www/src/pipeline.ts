// The signature, step by step.
import type { Explanation, Step, StepName } from "kraken-signer/inspect";
import { fromHex, tokens, type Notation } from "./bytes";
import { copyButton } from "./copy";
import { byId, prefersReducedMotion, element } from "./dom";
import * as form from "./form";
import { copiedFrom, hashedFrom, stepOf, type Range } from "./provenance";
import { hideTooltip, showTooltip } from "./tooltip";

/** The maximum number of tokens that are drawn for each part of a value. */
const MAX_TOKENS = 1500;

/** The steps that are drawn, from top to bottom, and the operation that leads to each. The other values are in the fields. */
const STEPS: [StepName, string][] = [
  ["hashed", "start with"],
  ["digest", "SHA-256"],
  ["message", "put the path before it"],
  ["secret", "use the private key"],
  ["mac", "HMAC-SHA512"],
  ["signature", "base64"],
];

const FINGERPRINT = "Not shown. Two keys are the same if their fingerprints are the same. Fingerprint: ";

/** The terms in formulas that stand for a value. */
const TERMS: Record<string, StepName> = {
  nonce: "nonce",
  body: "body",
  postData: "body",
  fields: "body",
  challenge: "body",
  path: "path",
  endpointPath: "path",
  digest: "digest",
  key: "secret",
  secret: "secret",
};

const list = byId("steps");
let explanation: Explanation | undefined;
let notation: Notation = "text";

/** Draws a signature. If `growing` is set, its steps appear one after the other. */
export function draw(drawn: Explanation, growing: boolean): void {
  explanation = drawn;
  hideTooltip();
  // For Futures, the message is the digest alone, which is drawn already.
  const shown = STEPS.filter(([name]) => name !== "message" || stepOf(drawn, name).parts.length > 1);
  list.replaceChildren(...shown.map(([name, operation]) => card(drawn, stepOf(drawn, name), operation)));
  list.classList.toggle("growing", growing && !prefersReducedMotion());
  byId("failure").textContent = "";
}

/** Shows the reason why there is no signature. */
export function fail(reason: string): void {
  explanation = undefined;
  hideTooltip();
  list.replaceChildren();
  byId("failure").textContent = reason;
}

/** Marks the steps with mistakes, with an explanation of each. */
export function mark(marks: readonly { step: StepName; text: string }[]): void {
  for (const old of list.querySelectorAll(".mistaken")) old.classList.remove("mistaken");
  for (const old of list.querySelectorAll(".mark")) old.replaceChildren();
  for (const { step, text } of marks) {
    const where = cardOf(step);
    where?.classList.add("mistaken");
    where?.querySelector(".mark")?.append(element("p", {}, text));
    // A value with a field of its own is marked there, and where it is first used.
    list.querySelector(`.segment[data-origin="${step}"]`)?.classList.add("mistaken");
  }
}

/** Returns the card of a step. */
export function cardOf(step: StepName): HTMLElement | null {
  // For Futures, the message is the digest.
  const name = step === "message" && !list.querySelector('[data-step="message"]') ? "digest" : step;
  return list.querySelector<HTMLElement>(`.step[data-step="${name}"]`);
}

/** Registers the handlers for pointer and keyboard. */
export function start(): void {
  list.addEventListener("pointerover", ({ target }) => {
    const token = target instanceof Element ? target.closest<HTMLElement>(".token") : null;
    if (token) highlight(rangeOf(token), token);
  });
  list.addEventListener("pointerleave", ({ relatedTarget }) => {
    // The tooltip stays while the pointer is on it, so that its text can be selected.
    if (!(relatedTarget instanceof Element && relatedTarget.closest("#tooltip"))) unhighlight();
  });
  byId("tooltip").addEventListener("pointerleave", unhighlight);
  list.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target.matches(".segment")) highlight(rangeOf(target), target);
  });
  list.addEventListener("focusout", unhighlight);
  list.addEventListener("keydown", (event) => {
    const segment = event.target;
    if (!(segment instanceof HTMLElement && segment.matches(".segment"))) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by !== undefined) move(segment, by);
    if (by !== undefined || event.key === "Escape") event.preventDefault();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") unhighlight();
  });
  for (const choice of document.querySelectorAll<HTMLInputElement>('input[name="notation"]')) {
    choice.addEventListener("change", () => {
      notation = choice.value as Notation;
      if (!explanation) return;
      for (const { name } of explanation.steps) {
        cardOf(name)
          ?.querySelector(".value")
          ?.replaceWith(value(explanation, stepOf(explanation, name)));
      }
    });
  }
}

/** Highlights a range of bytes and its sources, and shows the tooltip. */
function highlight(range: Range, beside: Element): void {
  if (!explanation) return;
  unhighlight();
  const ranges = [range, ...copiedFrom(explanation, range)];
  const whole = hashedFrom(range.step);
  form.light(ranges, whole);
  for (const token of list.querySelectorAll<HTMLElement>(".token")) {
    const { step, start, length } = rangeOf(token);
    const isLit = ranges.some((lit) => lit.step === step && start < lit.start + lit.length && lit.start < start + length);
    token.classList.toggle("lit", isLit);
  }
  for (const name of whole) cardOf(name)?.classList.add("lit");
  showTooltip(explanation, range, beside);
}

function unhighlight(): void {
  hideTooltip();
  form.light([], []);
  for (const lit of list.querySelectorAll(".lit")) lit.classList.remove("lit");
}

/** Moves from token to token within a segment. */
function move(segment: HTMLElement, by: number): void {
  const all = [...segment.querySelectorAll<HTMLElement>(".token")];
  const at = all.findIndex((token) => token.classList.contains("here"));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 && by < 0 ? all.length - 1 : at + by))];
  all[at]?.classList.remove("here");
  if (!next) return;
  highlight(rangeOf(next), next);
  next.classList.add("here");
  // The focus does not move, so a screen reader would not announce the token otherwise.
  byId("said").textContent = byId("tooltip").innerText;
}

/** Returns the range of bytes that a token or a segment shows. */
function rangeOf({ dataset }: HTMLElement): Range {
  return { step: dataset["step"] as StepName, start: Number(dataset["start"]), length: Number(dataset["length"]) };
}

function card(drawn: Explanation, step: Step, operation: string): HTMLElement {
  const { name, title, formula, length, fingerprint } = step;
  const heading = element("h3", { id: `step-${name}` }, title);
  const size = element("span", { class: "size" }, length === 1 ? "1 byte" : `${length} bytes`);
  const head = element("div", { class: "head" }, heading, size);
  const shown =
    fingerprint === undefined ? value(drawn, step) : element("p", { class: "aside" }, FINGERPRINT, element("code", {}, fingerprint));
  if (fingerprint === undefined) {
    const copied = name === "hashed" || name === "signature" ? (step.text ?? step.hex) : step.hex;
    head.append(copyButton(title, () => copied ?? ""));
  }
  return element(
    "li",
    { class: "step", "data-step": name },
    element("p", { class: "operation" }, operation),
    element("div", { class: "card" }, head, colored(formula), shown, element("div", { class: "mark" })),
  );
}

/** Draws the bytes of a step, one segment for each part. */
function value(drawn: Explanation, { name, title, length, parts, hex = "" }: Step): HTMLElement {
  const bytes = fromHex(hex);
  const segments = parts.length > 0 ? parts.map((part) => ({ ...part, origin: part.step })) : [{ start: 0, length, origin: name }];
  return element(
    "div",
    { class: "value", role: "group", "aria-label": title },
    ...segments
      .filter((segment) => segment.length > 0)
      .map(({ start, length, origin }) => {
        const cut = tokens(bytes, start, length, notation);
        const label = `${stepOf(drawn, origin).title}, ${length} bytes`;
        const segment = element("span", {
          class: "segment",
          tabindex: 0,
          // Screen readers read a segment as one image with a name. The tooltip has the bytes.
          role: "img",
          "aria-roledescription": "bytes",
          "aria-label": label,
          "aria-describedby": "tooltip",
          "data-origin": origin,
          "data-step": name,
          "data-start": start,
          "data-length": length,
        });
        for (const { start, length, shown } of cut.slice(0, MAX_TOKENS)) {
          segment.append(element("span", { class: "token", "data-step": name, "data-start": start, "data-length": length }, shown));
        }
        if (cut.length > MAX_TOKENS) segment.append(` … and ${cut.length - MAX_TOKENS} more`);
        return segment;
      }),
  );
}

/** Draws a formula with the values in their colors. */
function colored(formula: string): HTMLElement {
  const pieces = formula.split(/\b(nonce|body|postData|fields|challenge|path|endpointPath|digest|key|secret)\b/).map((piece) => {
    const origin = TERMS[piece];
    return origin ? element("span", { class: "word", "data-origin": origin }, piece) : piece;
  });
  return element("p", { class: "formula" }, ...pieces);
}
