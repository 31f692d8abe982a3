import { NonceSource, type NonceUnit } from "../signing/nonce.js";
import { command } from "./command.js";
import { UNIT } from "./connection.js";
import { EXIT, UsageError } from "./exit.js";
import { aligned } from "./io.js";
import { likely, readings } from "./nonce-units.js";

export const nonce = command({
  name: "nonce",
  summary: "print the next nonce, or explain a given one",
  about:
    "Prints a nonce: the time since 1970 in the unit. With --explain, shows which time a number stands for in each unit that programs use, " +
    "which reveals wrong units. Exits with 1 if it is not a sensible time in any of them.",
  options: [UNIT, { name: "explain", value: "N", help: "a nonce to explain, from 0 to 2^64-1" }],
  examples: [
    ["nonce", "milliseconds"],
    ["nonce --unit us", "microseconds"],
    ["nonce --explain 1700000000000000", "which unit is this?"],
  ],
  shape: "{ nonce, unit }; with --explain { nonce, unit?, date?, readings: [{ unit, title, date }] }",
  async run(io, { unit = "ms", explain }) {
    if (explain === undefined) {
      const next = new NonceSource({ unit: unit as NonceUnit }).next();
      if (io.json) io.printJson({ nonce: next, unit });
      else io.print(next);
      return EXIT.done;
    }
    if (!/^\d{1,20}$/.test(explain) || BigInt(explain) >= 2n ** 64n)
      throw new UsageError("--explain: a nonce is a whole number from 0 to 2^64-1.");
    const number = BigInt(explain);
    const found = likely(number, Date.now());
    if (io.json) {
      const all = readings(number).map(({ unit, title, date }) => ({ unit, title, date }));
      io.printJson({ nonce: explain, ...(found && { unit: found.unit, date: found.date }), readings: all });
    } else {
      const { style } = io;
      io.print(
        found
          ? style.bold(`${explain} counts ${found.title}: ${found.date}`)
          : style.yellow(`${explain} is not a sensible time in any unit.`),
      );
      io.print("");
      io.print(aligned(readings(number).map(({ unit, title, date }) => [`${unit === found?.unit ? "→" : " "} ${title}`, date])));
      const finer = found && !["ms", "s"].includes(found.unit);
      if (finer)
        io.print(
          `\nOnce a key was used with it, Kraken rejects nonces in milliseconds permanently, and most programs send those. Use this unit everywhere, or a new key.`,
        );
    }
    return found ? EXIT.done : EXIT.wrong;
  },
});
