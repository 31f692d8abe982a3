// Where the bytes of a signature come from.
import type { Explanation, Step, StepName } from "kraken-signer/inspect";

/** A stretch of a value, in bytes. */
export interface Range {
  step: StepName;
  start: number;
  length: number;
}

export function stepOf(explanation: Explanation, name: StepName): Step {
  const step = explanation.steps.find((step) => step.name === name);
  if (!step) throw new Error(`There is no step ${name}.`);
  return step;
}

/** All stretches that were copied, or written in base64, to make this one; first the nearest. */
export function copiedFrom(explanation: Explanation, range: Range): Range[] {
  const nearest = range.step === "signature" ? [unpacked(explanation, range)] : pieces(explanation, range);
  return nearest.flatMap((piece) => [piece, ...copiedFrom(explanation, piece)]);
}

/** The values that every byte of this one depends on: what a hash function was given. */
export function hashedFrom(step: StepName): StepName[] {
  if (step === "digest") return ["hashed"];
  if (step === "mac") return ["message", "secret"];
  return [];
}

/** The stretches that a concatenation has this one from. */
function pieces(explanation: Explanation, { step, start, length }: Range): Range[] {
  return stepOf(explanation, step).parts.flatMap((part) => {
    const from = Math.max(start, part.start);
    const to = Math.min(start + length, part.start + part.length);
    return from < to ? [{ step: part.step, start: from - part.start, length: to - from }] : [];
  });
}

/** The bytes that some characters of base64 stand for: six bits each. */
function unpacked(explanation: Explanation, { start, length }: Range): Range {
  const { length: size } = stepOf(explanation, "mac");
  const from = Math.min(Math.floor((start * 6) / 8), size);
  const to = Math.min(Math.ceil(((start + length) * 6) / 8), size);
  return { step: "mac", start: from, length: to - from };
}
