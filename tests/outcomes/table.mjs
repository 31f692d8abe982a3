// The table of outcomes.
import { readFileSync } from "node:fs";

export { callFor, expectOutcome, problemWith } from "./judge.mjs";

/** Rows of `tests/vectors/outcomes.json`. */
export const { outcomes: rows } = JSON.parse(readFileSync(new URL("../vectors/outcomes.json", import.meta.url), "utf8"));
