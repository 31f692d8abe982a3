/** The proof of a batch: what became of each of its instructions. */
import { type Proof, type Row, property } from "../../endpoint.js";
import { ACHIEVED, batchRows, isAbout, statusRow } from "./common.js";

/** Returns the row of an instruction in a batch. An answer that is about another instruction proves nothing about this one. */
function batchRow(row: unknown, instruction: unknown): Row {
  const kind = property(instruction, "order");
  const achieved = Object.entries(ACHIEVED).find(([name]) => name === kind)?.[1];
  return achieved && isAbout(row, instruction) ? statusRow(row, achieved) : "unknown";
}

const successOfAny = (row: unknown): Row =>
  Object.values(ACHIEVED).some((achieved) => statusRow(row, achieved) === "done") ? "done" : "unknown";

/** Proof: each row says what its instruction has achieved. */
export const batch: Proof = (result, params) => {
  const rows = property(result, "batchStatus");
  const asked = batchRows(params);
  if (!Array.isArray(rows) || !rows.length) return "unknown";
  // It is not known which instruction a row is about, but a success is one.
  if (asked?.length !== rows.length) return [...rows.map(successOfAny), "unknown"];
  return rows.map((row, place) => batchRow(row, asked[place]));
};
