/** Times after which a request is not to be carried out any more, on the exchange's own clock. */

const RFC3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Milliseconds since 1970; `undefined` for what is no RFC 3339 time. */
export function parseTime(text: string): number | undefined {
  const time = RFC3339.test(text) ? Date.parse(text.toUpperCase().replace(" ", "T")) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Kraken's pages: from 2 s (REST) or 500 ms (WebSocket version 2) to 60 s ahead. */
export const LEAST_AHEAD = { rest: 2000, socket: 500 } as const;
const MOST_AHEAD = 60_000;

/**
 * What becomes of a request with this `deadline`: `wrong` when it is no time, or was not far enough or too far ahead on arrival;
 * `elapsed` when it has passed since, in the queue; otherwise `ok`.
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
