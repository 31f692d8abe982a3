/**
 * In what Kraken wants a time: seconds, milliseconds or nanoseconds since 1970, or as text (RFC 3339). A deadline needs its time zone: an order's
 * fate is told by it.
 */
export type TimeUnit = "seconds" | "milliseconds" | "nanoseconds" | "text" | "deadline";

/** Which parameters are times, by name, wherever they stand. */
export type TimeUnits = Readonly<Record<string, TimeUnit>>;

const SPOT: TimeUnits = {
  start: "seconds",
  end: "seconds",
  starttm: "seconds",
  endtm: "seconds",
  expiretm: "seconds",
  since: "seconds",
  deadline: "deadline",
  from_ts: "text",
  to_ts: "text",
};
const TRADES: TimeUnits = { since: "nanoseconds" };
const TEXT: TimeUnits = { lastTime: "text", lastFillTime: "text", lastTransferTime: "text", processBefore: "deadline", expiry: "text" };
const CHARTS: TimeUnits = { from: "seconds", to: "seconds", since: "seconds" };
const HISTORY: TimeUnits = { since: "milliseconds", before: "milliseconds" };

/** Which parameters of a Spot endpoint are times. */
export const spotTimes = (endpoint: string): TimeUnits => (endpoint === "Trades" ? TRADES : SPOT);

/** Which parameters of a Futures endpoint are times. */
export function futuresTimes(endpoint: string): TimeUnits {
  if (endpoint.startsWith("/api/charts/")) return CHARTS;
  return endpoint.startsWith("/api/history/") ? HISTORY : TEXT;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** 1e11 seconds are the year 5138, and 1e11 milliseconds March 1973: between them lies every time that is meant. */
const BORDER = 1e11;

/** What is wrong with a number, or with digits, as a time in this unit; `undefined` if nothing is. */
export function timeProblem(value: string | number | bigint, unit: TimeUnit): string | undefined {
  if (unit === "deadline")
    return typeof value === "string" && RFC_3339.test(value)
      ? undefined
      : "expected a time in RFC 3339 with its time zone, such as date.toISOString(), or a Date.";
  if (unit === "text" || (typeof value === "string" && !/^\d+(\.\d*)?$/.test(value))) return undefined;
  const time = Number(value);
  const fits = { seconds: time < BORDER, milliseconds: time < 1e9 || time >= BORDER, nanoseconds: time < BORDER || time >= 1e17 };
  if (fits[unit]) return undefined;
  const given = time < BORDER ? "seconds" : "milliseconds";
  return `${`${value}`.slice(0, 20)} is a time in ${given}; Kraken wants ${unit} since 1970 here. Pass a \`Date\`, or ${unit}.`;
}

/** A time as Kraken wants it; rounded down. */
export function timeOf(date: Date, unit: TimeUnit): string | number {
  const time = date.getTime();
  if (unit === "text" || unit === "deadline") return date.toISOString();
  if (unit === "nanoseconds") return `${BigInt(time) * 1_000_000n}`;
  return unit === "seconds" ? Math.floor(time / 1000) : time;
}
