import { ApiError } from "../../errors.js";
import { type Circumstances, hintFor } from "./hints.js";
import type { Rejected, Unknown } from "./outcome.js";

/** An error repeats at most this many characters of each of Kraken's error strings. */
const LONGEST = 200;

/** Says which rows of a call for several things were carried out. */
function partHint({ done = [], errors }: Pick<Rejected, "done" | "errors">): string {
  if (!done.length) return "";
  const rows = done.length === 1 ? `Row ${done[0]} was` : `Rows ${done.join(", ")} were`;
  return `${rows} carried out, ${errors.length} ${errors.length === 1 ? "was" : "were"} not: see \`result\`.`;
}

/** Makes the error for an answer with error strings. */
export function apiError(
  endpoint: string,
  outcome: Rejected | Unknown,
  known: Circumstances,
  { write, retryAfter }: { readonly write: boolean; readonly retryAfter?: number | undefined },
): ApiError {
  const { kind } = outcome;
  const { done, result } = outcome.outcome === "rejected" ? outcome : {};
  // If the outcome of a write is unknown, it may be carried out twice, whatever Kraken's error is.
  const isSafe = !write || outcome.outcome === "rejected";
  const errors = outcome.errors.map((error) => error.slice(0, LONGEST));
  return new ApiError({
    endpoint,
    errors,
    kind,
    hint: [hintFor(kind, known, errors), partHint({ done, errors } as Pick<Rejected, "done" | "errors">)].filter(Boolean).join(" "),
    retryable: isSafe && !done?.length && (kind === "rate-limit" || (kind === "unavailable" && !write)),
    retryAfter,
    result,
    done,
  });
}

/** Waits are limited to ten minutes, which is how long Kraken's bans last. */
const LONGEST_WAIT = 600_000;

/** Returns the milliseconds until Kraken accepts requests again, from `EService:Throttled: <seconds since 1970>`. */
export function throttledFor(errors: readonly string[], now: number): number | undefined {
  for (const error of errors) {
    const [, seconds] = /^EService:\s*Throttled:\s*(\d{9,11})/i.exec(error) ?? [];
    if (seconds) return Math.min(Math.max(Number(seconds) * 1000 - now, 0), LONGEST_WAIT);
  }
  return undefined;
}
