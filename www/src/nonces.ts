// Nonce units: what each tool would send now, and whether Kraken accepts it after a given nonce.
import type { NonceUnit } from "kraken-signer";
import type { NonceUnitDescription } from "kraken-signer/inspect";
import { byId, element } from "./dom";
import { NonceSource, explainNonce } from "./library";
import { UNITS, inWords } from "./units";

const OURS: readonly string[] = ["ms", "us", "ns"] satisfies NonceUnit[];

const input = byId<HTMLInputElement>("seen");
const ladder = byId("ladder");
const rungs = UNITS.map((unit) => ({ unit, ...rung(unit) }));
/** The key's highest nonce, among the rungs. */
const highest = element("li", { class: "seen" });

export function start(): void {
  ladder.replaceChildren(...rungs.map(({ item }) => item));
  input.addEventListener("input", () => tick(Date.now()));
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-unit]")) {
    button.addEventListener("click", () => {
      input.value = new NonceSource({ unit: button.dataset["unit"] as NonceUnit }).next();
      tick(Date.now());
    });
  }
}

/** Fills in a nonce in microseconds, the most common accident. */
export function example(): void {
  input.value = new NonceSource({ unit: "us" }).next();
  tick(Date.now());
}

export function clear(): void {
  input.value = "";
  tick(Date.now());
}

/** Shows the nonces for a time. */
export function tick(now: number): void {
  const { seen, said } = read(input.value, now);
  byId("seen-note").textContent = said;
  for (const { unit, item, number, means, verdict } of rungs) {
    const next = numberNow(unit, now);
    number.textContent = next.toLocaleString("en-US");
    if (seen === undefined) {
      delete item.dataset["accepted"];
      means.textContent = verdict.textContent = "";
      continue;
    }
    // In this unit, the number stands for a date. Nonces in the unit exceed the number from that date on.
    const date = inWords(unit.timeOf(seen));
    const accepted = next > seen;
    item.dataset["accepted"] = String(accepted);
    verdict.textContent = accepted ? "higher: accepted" : `not higher: rejected until ${date}`;
    means.textContent = accepted ? `In this unit, your nonce means ${date}` : "";
  }
  if (seen === undefined) highest.remove();
  else {
    highest.textContent = `highest nonce of your key: ${seen.toLocaleString("en-US")}`;
    const below = rungs.find(({ item }) => item.dataset["accepted"] === "false");
    if (highest.nextElementSibling !== (below?.item ?? null) || !highest.isConnected) ladder.insertBefore(highest, below?.item ?? null);
  }
}

/** Returns the nonce for a time, from the package if it supports the unit. */
function numberNow(unit: NonceUnitDescription, now: number): bigint {
  if (!OURS.includes(unit.name)) return unit.at(now);
  return BigInt(new NonceSource({ unit: unit.name as NonceUnit, now: () => now }).next());
}

function rung({ name, title, usedBy }: NonceUnitDescription): {
  item: HTMLElement;
  number: HTMLElement;
  means: HTMLElement;
  verdict: HTMLElement;
} {
  const number = element("span", { class: "number" });
  const means = element("span", { class: "means" });
  const verdict = element("span", { class: "accepted" });
  const item = element(
    "li",
    { "data-unit": name },
    element("span", { class: "unit" }, capital(title)),
    number,
    element("span", { class: "tools" }, usedBy),
    verdict,
    means,
  );
  return { item, number, means, verdict };
}

/** Returns the nonce in a text, if Kraken accepts it as one, and what is said about it. */
function read(text: string, now: number): { seen?: bigint; said: string } {
  if (!text.trim()) return { said: "" };
  try {
    const { likely, problem } = explainNonce(text, { now });
    const [found] = likely;
    const title = found?.unit.startsWith("date") ? `A date as ${found.title}` : capital(found?.title ?? "");
    const unit = found ? `${title}, most likely: ${inWords(BigInt(found.time))}.` : "Not a sensible time in any unit.";
    if (problem !== undefined) return { said: `${unit} Kraken does not accept it as a nonce. ${problem}` };
    return { seen: BigInt(text.replace(/\D/g, "")), said: unit };
  } catch (error) {
    return { said: (error as Error).message };
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
