// Runs the suite inside a runtime. Everything here and in suite.mjs is neutral; the programs beside it say where the package comes from.
import kraken from "../vectors/kraken.json" with { type: "json" };
import otp from "../vectors/otp.json" with { type: "json" };
import refusals from "../vectors/refusals.json" with { type: "json" };
import { suite } from "./suite.mjs";

const vectors = { kraken, otp, refusals };

/** What has to come back: the names of all cases. */
export function names() {
  const anything = new Proxy({}, { get: () => class {} });
  return suite(anything, vectors, {}).map(([name]) => name);
}

/** @returns for each case `{ name, needs, error }`; `error` is absent if it passed */
export async function run(kit, environment) {
  const results = [];
  for (const [name, work, needs] of suite(kit, vectors, environment)) {
    try {
      await work();
      results.push({ name, needs });
    } catch (error) {
      results.push({ name, needs, error: String(error?.stack ?? error) });
    }
  }
  return results;
}
