// The menu of examples: right requests as buttons, and an example of each mistake in a list.
import type { MistakeName, StepName } from "kraken-signer/inspect";
import { byId, element } from "./dom";
import { BROKEN, EXAMPLES, type Broken, type Example } from "./examples";
import { mistakes } from "./library";

/** The groups of the list, by the step where a mistake happens. */
const GROUPS: Record<StepName, string> = {
  secret: "Private key",
  nonce: "Nonce",
  body: "Body",
  path: "Path",
  hashed: "What is hashed",
  digest: "SHA-256",
  message: "Path and digest",
  mac: "HMAC",
  signature: "Encoding of the signature",
};

const list = byId<HTMLSelectElement>("mistake");

/** Fills the menu. `load` runs when an example is chosen. */
export function start(load: (example: Example | Broken) => void): void {
  const buttons = EXAMPLES.map((example) => {
    const button = element("button", { type: "button" }, example.name);
    button.addEventListener("click", () => load(example));
    return button;
  });
  byId("examples").prepend(...buttons);
  for (const { name, step } of mistakes()) {
    const label = GROUPS[step];
    let group = list.querySelector(`optgroup[label="${label}"]`);
    if (!group) list.append((group = element("optgroup", { label })));
    if (of(name)) group.append(element("option", { value: name }, name));
  }
  list.addEventListener("change", () => {
    const example = of(list.value);
    if (example) load(example);
  });
}

/** Shows which example is in the fields, if it is one of a mistake. */
export function chosen(example: Example | Broken | undefined): void {
  const broken = example && "did" in example ? example : undefined;
  list.value = broken?.name ?? "";
  byId("did").textContent = broken ? `What its author did: ${broken.did.replaceAll("`", "")}.` : "";
}

/** Returns the first example of a mistake. */
export const of = (name: MistakeName | string): Broken | undefined => BROKEN.find((example) => example.name === name);
