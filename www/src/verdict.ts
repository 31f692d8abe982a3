// The findings of the investigation.
import { mistakes, type Finding, type Language, type MistakeDescription, type StepName } from "kraken-signer/inspect";
import { copyButton } from "./copy";
import { byId, element } from "./dom";

/** A note on a step. */
export interface Mark {
  step: StepName;
  text: string;
}

const box = byId("verdict");
const said = byId("verdict-said");
const rest = byId("verdict-rest");

/** Shows the findings. `show` scrolls to a step. */
export function report(findings: readonly Finding[], show: (step: StepName) => void): void {
  const [first, ...others] = findings;
  if (!first) return;
  box.dataset["kind"] = first.kind;
  switch (first.kind) {
    case "right":
      head("Your signature is right", first.explanation);
      rest.replaceChildren(
        element("p", {}, first.fix),
        element("h3", {}, "What may be wrong anyway, likeliest first"),
        element("ol", { class: "suspicions" }, ...others.map(({ explanation, fix }) => item(explanation, fix))),
      );
      break;
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
      rest.replaceChildren(element("ul", { class: "mistakes" }, ...items));
      byId("snippet").hidden = !first.snippet;
      byId("code").textContent = first.snippet?.code ?? "";
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

/** Registers a callback for when the language of code changes. */
export function start(changed: () => void): void {
  byId("snippet-tools").append(copyButton("the code", () => byId("code").textContent ?? ""));
  byId("language").addEventListener("change", changed);
}

function described({ mistakes: names }: Finding): MistakeDescription[] {
  const table = mistakes();
  return names.flatMap((name) => table.find((mistake) => mistake.name === name) ?? []);
}

function head(title: string, text: string): void {
  said.replaceChildren(element("h2", { id: "verdict-title" }, title), element("p", {}, text));
  byId("snippet").hidden = true;
}

function item(explanation: string, fix: string): HTMLElement {
  return element("li", {}, element("strong", {}, explanation), ` ${fix}`);
}

function combinations({ tried }: Finding): string {
  return tried === 1 ? "1 combination" : `${tried.toLocaleString("en-US")} combinations`;
}
