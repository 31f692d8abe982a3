import { InvalidNonceError } from "../errors.js";
import { type NonceExplanation, explainNonce } from "../inspect/index.js";
import { NonceSource, type NonceUnit } from "../signing/nonce.js";
import { command } from "./command.js";
import { UNIT } from "./connection.js";
import { EXIT, UsageError } from "./exit.js";
import type { Io } from "./io.js";

export const nonce = command({
  name: "nonce",
  summary: "print the next nonce, or explain a given one",
  about:
    "Prints a nonce: the time since 1970 in the unit. With --explain, shows which time a number stands for in each unit that programs use, " +
    "which reveals wrong units, and when a clock in each unit passes it, which matters for the highest nonce of a key. It also takes what programs send " +
    "by mistake: a fraction, an exponent, hexadecimal digits, dates. Exits with 1 if it is not a sensible time in any unit, or Kraken does not accept it as a nonce.",
  options: [UNIT, { name: "explain", value: "N", help: "a nonce to explain, as a program has sent it" }],
  examples: [
    ["nonce", "milliseconds"],
    ["nonce --unit us", "microseconds"],
    ["nonce --explain 1700000000000000", "which unit is this, and which units are above it?"],
    ["nonce --explain 1616492376594.0", "what is wrong with this one?"],
  ],
  shape:
    "{ nonce, unit }; with --explain { nonce, problem?, unit?, date?, readings: [{ unit, title, usedBy, clock?, date, time, wait, passes, isLikely }], likely, advice }; times and waits in milliseconds, null if beyond any calendar",
  async run(io, { unit = "ms", explain }) {
    if (explain === undefined) {
      const next = new NonceSource({ unit: unit as NonceUnit }).next();
      if (io.json) io.printJson({ nonce: next, unit });
      else io.print(next);
      return EXIT.done;
    }
    const explanation = explained(explain);
    const [found] = explanation.likely;
    if (io.json) io.printJson({ ...explanation, ...(found && { unit: found.unit, date: found.date }) });
    else print(io, explanation);
    return found && explanation.problem === undefined ? EXIT.done : EXIT.wrong;
  },
});

function explained(given: string): NonceExplanation {
  try {
    return explainNonce(given);
  } catch (error) {
    if (!(error instanceof InvalidNonceError)) throw error;
    throw new UsageError(`--explain: ${error.message}`);
  }
}

/** Arranges rows of texts in columns. */
function columns(rows: readonly (readonly string[])[]): string {
  const width = (index: number): number => Math.max(...rows.map((row) => row[index]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(width(index) + 2))
        .join("")
        .trimEnd(),
    )
    .join("\n");
}

function print(io: Io, { nonce: given, problem, likely, readings, advice }: NonceExplanation): void {
  const { style } = io;
  const [found, ...others] = likely;
  if (problem !== undefined) io.print(style.yellow(`Kraken does not accept ${given} as a nonce. ${problem}`));
  io.print(
    found
      ? `${style.bold(`${given} ${others.length ? "probably counts" : "counts"} ${found.title}: ${found.date}`)}\nUsed by: ${found.usedBy}.`
      : style.yellow(`${given} is not a sensible time in any unit.`),
  );
  for (const { title, date } of others) io.print(`Less likely, it counts ${title}: ${date}`);
  const rows = readings.map(({ unit, title, clock = "", date, passes }) => [
    `${unit === found?.unit ? "→" : " "} ${title}`,
    clock,
    date,
    passes,
  ]);
  if (rows.length) io.print(`\n${columns([["  unit", "its clock now", "the nonce stands for", "the clock passes it"], ...rows])}`);
  for (const sentence of advice) io.print(`\n${sentence}`);
}
