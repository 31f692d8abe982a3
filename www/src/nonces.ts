// Nonce units: what each tool would send now, and whether Kraken accepts it after a given nonce.
import type { NonceUnit } from "kraken-signer";
import type { NonceUnitDescription } from "kraken-signer/inspect";
import { byId, element } from "./dom";
import { NonceSource } from "./library";
import { UNITS, inWords, likeliest } from "./units";

const LARGEST = 2n ** 64n - 1n;
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
  const seen = parsed(input.value);
  byId("seen-note").textContent =
    seen !== undefined
      ? `${capital(likeliest(seen, now).title)}, most likely: ${inWords(likeliest(seen, now).timeOf(seen))}.`
      : input.value.trim()
        ? "A nonce must be a whole number from 0 to 18,446,744,073,709,551,615."
        : "";
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

function parsed(text: string): bigint | undefined {
  const digits = text.replace(/[\s,_]/g, "");
  if (!/^\d{1,20}$/.test(digits)) return undefined;
  const nonce = BigInt(digits);
  return nonce <= LARGEST ? nonce : undefined;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
