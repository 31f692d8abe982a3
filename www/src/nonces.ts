// Nonce units side by side: what each tool would send now, and what a key that has seen one number makes of it.
import { NonceSource, type NonceUnit } from "kraken-signer";
import { byId, element } from "./dom";
import { UNITS, count, inWords, likeliest, meant, type Unit } from "./units";

const LARGEST = 2n ** 64n - 1n;
const OURS: readonly string[] = ["ms", "us", "ns"] satisfies NonceUnit[];

const input = byId<HTMLInputElement>("seen");
const ladder = byId("ladder");
const rungs = UNITS.map((unit) => ({ unit, ...rung(unit) }));
/** Where the key's mark is, among the rungs. */
const mark = element("li", { class: "seen" });

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

/** A key that has seen microseconds: the usual accident. */
export function example(): void {
  input.value = new NonceSource({ unit: "us" }).next();
  tick(Date.now());
}

export function clear(): void {
  input.value = "";
  tick(Date.now());
}

/** Shows the numbers of a time. */
export function tick(now: number): void {
  const seen = parsed(input.value);
  byId("seen-note").textContent =
    seen !== undefined
      ? `${capital(likeliest(seen, now).name)}, most likely: ${inWords(meant(likeliest(seen, now), seen))}.`
      : input.value.trim()
        ? "A nonce is a whole number from 0 to 18,446,744,073,709,551,615."
        : "";
  for (const { unit, item, number, means, verdict } of rungs) {
    const next = numberNow(unit, now);
    number.textContent = next.toLocaleString("en-GB");
    if (seen === undefined) {
      delete item.dataset["accepted"];
      means.textContent = verdict.textContent = "";
      continue;
    }
    // The date that the number means in a unit is when a clock that counts so arrives there.
    const date = inWords(meant(unit, seen));
    const accepted = next > seen;
    item.dataset["accepted"] = String(accepted);
    verdict.textContent = accepted ? "above: accepted" : `not above: refused until ${date}`;
    means.textContent = accepted ? `Read so, yours means ${date}` : "";
  }
  if (seen === undefined) mark.remove();
  else {
    mark.textContent = `your key’s mark: ${seen.toLocaleString("en-GB")}`;
    const below = rungs.find(({ item }) => item.dataset["accepted"] === "false");
    if (mark.nextElementSibling !== (below?.item ?? null) || !mark.isConnected) ladder.insertBefore(mark, below?.item ?? null);
  }
}

/** Where the package has the unit, the package counts. */
function numberNow(unit: Unit, now: number): bigint {
  if (!OURS.includes(unit.id)) return count(unit, now);
  return BigInt(new NonceSource({ unit: unit.id as NonceUnit, now: () => now }).next());
}

function rung({ id, name, tools }: Unit): { item: HTMLElement; number: HTMLElement; means: HTMLElement; verdict: HTMLElement } {
  const number = element("span", { class: "number" });
  const means = element("span", { class: "means" });
  const verdict = element("span", { class: "accepted" });
  const item = element(
    "li",
    { "data-unit": id },
    element("span", { class: "unit" }, capital(name)),
    number,
    element("span", { class: "tools" }, tools),
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
