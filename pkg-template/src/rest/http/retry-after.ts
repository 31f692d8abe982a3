/**
 * Returns the milliseconds to wait, from the headers of an answer: `Retry-After` in seconds or as a date, or `Retry-After-Ms`. A date is compared with
 * the answer's own `Date` if there is one, because clocks differ.
 */
export function retryAfter(headers: unknown): number | undefined {
  const milliseconds = read(headers, "retry-after-ms");
  if (DECIMAL.test(milliseconds)) return Math.ceil(Number(milliseconds));
  const value = read(headers, "retry-after");
  if (DECIMAL.test(value)) return Math.ceil(Number(value) * 1000);
  const until = /[a-z]{3}/i.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(until)) return undefined;
  return Math.max(0, until - (answeredAt(headers) ?? Date.now()));
}

/** Returns the time of an answer by the clock of the server, in milliseconds since 1970. */
export function answeredAt(headers: unknown): number | undefined {
  const time = Date.parse(read(headers, "date"));
  return Number.isNaN(time) ? undefined : time;
}

const DECIMAL = /^\d{1,12}(\.\d+)?$/;

/** Reads a header. A mock in a test may have no real `Headers`. */
function read(headers: unknown, name: string): string {
  const { get } = Object(headers) as { get?: unknown };
  const value: unknown = typeof get === "function" ? get.call(headers, name) : undefined;
  return typeof value === "string" ? value.trim() : "";
}
