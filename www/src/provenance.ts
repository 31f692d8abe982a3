// Finds the sources of the bytes of a signature.
import type { Explanation, Step, StepName } from "kraken-signer/inspect";

/** A range of a value, in bytes. */
export interface Range {
  step: StepName;
  start: number;
  length: number;
}

export function stepOf(explanation: Explanation, name: StepName): Step {
  const step = explanation.steps.find((step) => step.name === name);
  if (!step) throw new Error(`The explanation has no step ${name}.`);
  return step;
}

/** Returns all ranges that this one was copied or encoded from, nearest first. */
export function copiedFrom(explanation: Explanation, range: Range): Range[] {
  const nearest = range.step === "signature" ? [unpacked(explanation, range)] : pieces(explanation, range);
  return nearest.flatMap((piece) => [piece, ...copiedFrom(explanation, piece)]);
}

/** Returns the inputs of the hash function that computed this value. Every byte depends on all of them. */
export function hashedFrom(step: StepName): StepName[] {
  if (step === "digest") return ["hashed"];
  if (step === "mac") return ["message", "secret"];
  return [];
}

/** Returns the ranges of the parts that a range of a concatenation comes from. */
function pieces(explanation: Explanation, { step, start, length }: Range): Range[] {
  return stepOf(explanation, step).parts.flatMap((part) => {
    const from = Math.max(start, part.start);
    const to = Math.min(start + length, part.start + part.length);
    return from < to ? [{ step: part.step, start: from - part.start, length: to - from }] : [];
  });
}

/** Returns the bytes that a range of base64 characters encodes, six bits each. */
function unpacked(explanation: Explanation, { start, length }: Range): Range {
  const { length: size } = stepOf(explanation, "mac");
  const from = Math.min(Math.floor((start * 6) / 8), size);
  const to = Math.min(Math.ceil(((start + length) * 6) / 8), size);
  return { step: "mac", start: from, length: to - from };
}
