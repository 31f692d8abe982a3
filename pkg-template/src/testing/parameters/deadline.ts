/** Deadlines of requests, by the exchange's own clock. */

const RFC3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Parses an RFC 3339 time to milliseconds since 1970. Returns `undefined` for anything else. */
export function parseTime(text: string): number | undefined {
  const time = RFC3339.test(text) ? Date.parse(text.toUpperCase().replace(" ", "T")) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Kraken documents that a deadline is at least 2 s (REST) or 500 ms (WebSocket version 2) and at most 60 s ahead. */
export const LEAST_AHEAD = { rest: 2000, socket: 500 } as const;
const MOST_AHEAD = 60_000;

/**
 * Judges the `deadline` of a request: `wrong` if it is not a time, or was too near or too far ahead when the request arrived; `elapsed` if it has
 * passed since then, in the queue; otherwise `ok`.
 */
export function judgeDeadline(
  deadline: string | undefined,
  arrivedAt: number,
  now: number,
  leastAhead: number,
): "ok" | "wrong" | "elapsed" {
  if (deadline === undefined) return "ok";
  const time = parseTime(deadline);
  if (time === undefined || time < arrivedAt + leastAhead || time > arrivedAt + MOST_AHEAD) return "wrong";
  return now > time ? "elapsed" : "ok";
}
