// The findings of the investigation.
import type { Finding, Language, MistakeDescription, StepName } from "kraken-signer/inspect";
import { copyButton } from "./copy";
import { byId, element } from "./dom";
import { mistakes } from "./library";

/** A note on a step. */
export interface Mark {
  step: StepName;
  text: string;
}

const box = byId("verdict");
const said = byId("verdict-said");
const rest = byId("verdict-rest");
const progress = byId("progress");

/** The time after which a search is long, in seconds. */
const LONG = 10;

/** Shows the findings. `show` scrolls to a step. `link` leads to the same mistakes, and `code`, if it is not empty, has none. */
export function report(findings: readonly Finding[], link: string, code: string, show: (step: StepName) => void): void {
  const [first, ...others] = findings;
  if (!first) return;
  box.dataset["kind"] = first.kind;
  switch (first.kind) {
    case "right": {
      const changed = others.some(({ suspicion }) => suspicion === "body-differs" || suspicion === "path-differs");
      if (changed) box.dataset["kind"] = "changed";
      head(changed ? "What was sent is not what you signed" : "Your signature is right", first.explanation);
      rest.replaceChildren(
        element("p", {}, first.fix),
        element("h3", {}, changed ? "What differs, and what may be wrong besides" : "What may be wrong anyway, likeliest first"),
        element("ol", { class: "suspicions" }, ...others.map(({ explanation, fix }) => item(explanation, fix))),
      );
      break;
    }
    case "mistake": {
      const found = described(first);
      const [title, these] = found.length === 1 ? ["Found the mistake", "this mistake"] : ["Found more than one mistake", "these mistakes"];
      head(title, `Proven: ${these} produced your signature, byte for byte. ${combinations(first)} tried.`);
      const items = found.map(({ name, step, explanation, fix }) => {
        const button = element(
          "button",
          { type: "button", class: "quiet" },
          "Show where",
          element("span", { class: "unseen" }, `: ${name}`),
        );
        button.addEventListener("click", () => show(step));
        const words = element("p", {}, element("strong", {}, explanation), ` ${fix}`);
        return element("li", { "data-mistake": name }, element("code", {}, name), words, button);
      });
      rest.replaceChildren(element("ul", { class: "mistakes" }, ...items), share(link));
      showCode(code);
      byId("snippet").hidden = !code;
      break;
    }
    default:
      head("No known mistake found", first.explanation);
      rest.replaceChildren(element("p", {}, first.fix));
  }
}

/** Shows what the investigation is for. */
export function idle(): void {
  const known = `each of ${mistakes().length} known mistakes, alone and combined, until one produces exactly your signature`;
  wait("Rejected by Kraken?", `Paste the signature that you sent into the last field. This page then tries ${known}.`);
}

/** Removes the kind of the findings before a search. */
export function begin(): void {
  delete box.dataset["kind"];
}

/** Shows that a search has run for some seconds. Screen readers hear it at the beginning, and once more if it takes long. */
export function searching(seconds: number): void {
  if (progress.hidden) wait("Searching for the mistake", "The page can be used meanwhile.");
  if (seconds === LONG) say("Still searching", "It needs about a second of computing, so this machine is slow or busy.");
  progress.hidden = false;
  byId("elapsed").textContent = seconds === 0 ? "less than a second" : seconds === 1 ? "1 second" : `${seconds} seconds`;
}

/** Shows code that signs correctly. */
export function showCode(code: string): void {
  byId("code").textContent = code;
}

/** Shows why there are no findings yet. */
export function wait(title: string, text: string): void {
  delete box.dataset["kind"];
  head(title, text);
  rest.replaceChildren();
}

/** Returns the marks for the mistakes of a finding. */
export const marksOf = ([first]: readonly Finding[]): Mark[] =>
  first?.kind === "mistake" ? described(first).map(({ step, explanation }) => ({ step, text: explanation })) : [];

/** Returns the selected language of code. */
export const language = (): Language => byId<HTMLSelectElement>("language").value as Language;

/** Registers callbacks: `changed` runs when the language of code changes, and `stopped` when the user ends a search. */
export function start({ changed, stopped }: { changed: () => void; stopped: () => void }): void {
  byId("stop").addEventListener("click", stopped);
  byId("snippet-tools").append(copyButton("the code", () => byId("code").textContent ?? ""));
  byId("language").addEventListener("change", changed);
}

function described({ mistakes: names }: Finding): MistakeDescription[] {
  const table = mistakes();
  return names.flatMap((name) => table.find((mistake) => mistake.name === name) ?? []);
}

function say(title: string, text: string): void {
  said.replaceChildren(element("h2", { id: "verdict-title" }, title), element("p", {}, text));
}

function head(title: string, text: string): void {
  say(title, text);
  byId("snippet").hidden = true;
  // The focus would be lost with the button.
  if (document.activeElement === byId("stop")) box.focus();
  progress.hidden = true;
}

function share(link: string): HTMLElement {
  const field = element("input", { id: "link", type: "text", readonly: true, value: link, "aria-describedby": "link-note" });
  field.addEventListener("focus", () => field.select());
  return element(
    "div",
    { class: "field share" },
    element("label", { for: "link" }, "Link to this mistake"),
    copyButton("the link", () => link),
    field,
    element(
      "p",
      { id: "link-note", class: "note calm" },
      "It holds nothing that you typed: only the API, the endpoint, the kind of nonce and body, and the mistake.",
    ),
  );
}

function item(explanation: string, fix: string): HTMLElement {
  return element("li", {}, element("strong", {}, explanation), ` ${fix}`);
}

function combinations({ tried }: Finding): string {
  return tried === 1 ? "1 combination" : `${tried.toLocaleString("en-US")} combinations`;
}
