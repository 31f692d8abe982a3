/**
 * The unit in which Kraken expects a time: seconds (`end` for the end of a period), milliseconds or nanoseconds since 1970, or text (RFC 3339).
 * A deadline needs its time zone, because an order's fate is judged by it.
 */
export type TimeUnit = "seconds" | "end" | "milliseconds" | "nanoseconds" | "text" | "deadline";

/** The units of parameters that are times, by name, at any depth of the structure. */
export type TimeUnits = Readonly<Record<string, TimeUnit>>;

const SPOT: TimeUnits = {
  start: "seconds",
  end: "end",
  starttm: "seconds",
  endtm: "end",
  expiretm: "seconds",
  since: "seconds",
  deadline: "deadline",
  from_ts: "text",
  to_ts: "text",
};
const TRADES: TimeUnits = { since: "nanoseconds" };
const TEXT: TimeUnits = { lastTime: "text", lastFillTime: "text", lastTransferTime: "text", processBefore: "deadline", expiry: "text" };
const CHARTS: TimeUnits = { from: "seconds", to: "end", since: "seconds" };
const HISTORY: TimeUnits = { since: "milliseconds", before: "milliseconds" };

/** Returns the units of a Spot endpoint's parameters that are times. */
export const spotTimes = (endpoint: string): TimeUnits => (endpoint === "Trades" ? TRADES : SPOT);

/** Returns the units of a Futures endpoint's parameters that are times. */
export function futuresTimes(endpoint: string): TimeUnits {
  if (endpoint.startsWith("/api/charts/")) return CHARTS;
  return endpoint.startsWith("/api/history/") ? HISTORY : TEXT;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** The name of each unit in messages. */
const WANTED: Readonly<Record<TimeUnit, string>> = {
  seconds: "seconds since 1970",
  end: "seconds since 1970",
  milliseconds: "milliseconds since 1970",
  nanoseconds: "nanoseconds since 1970",
  text: "text (RFC 3339)",
  deadline: "text (RFC 3339) with its time zone",
};

/** Guesses the unit of a time. 1e11 seconds are the year 5138, and 1e11 milliseconds are March 1973. The same holds for finer units. */
function unitOf(time: number): string {
  if (time < 1e11) return "seconds";
  if (time < 1e14) return "milliseconds";
  return time < 1e17 ? "microseconds" : "nanoseconds";
}

/** Returns whether a number fits a unit. A small number is accepted as an early start. For Trades, Kraken accepts seconds, too. */
function fits(time: number, unit: TimeUnit): boolean {
  const given = unitOf(time);
  if (unit === "milliseconds") return given === "milliseconds" || time < 1e9;
  if (unit === "nanoseconds") return given === "nanoseconds" || given === "seconds";
  return given === "seconds";
}

/** Returns the problem of a number or a text as a time in this unit, or `undefined` if there is none. */
export function timeProblem(value: string | number | bigint, unit: TimeUnit): string | undefined {
  const isNumber = typeof value !== "string" || /^\d+(\.\d*)?$/.test(value);
  const isText = unit === "text" || unit === "deadline";
  if (!isNumber)
    return unit !== "deadline" || RFC_3339.test(value)
      ? undefined
      : "expected a time in RFC 3339 with its time zone, such as date.toISOString(), or a Date.";
  const time = Number(value);
  if (!isText && fits(time, unit)) return undefined;
  const instead = isText ? "date.toISOString()" : WANTED[unit].replace(" since 1970", "");
  return `${`${value}`.slice(0, 20)} is a time in ${unitOf(time)}; Kraken wants ${WANTED[unit]} here. Pass a \`Date\`, or ${instead}.`;
}

/** Converts a time to Kraken's unit. In seconds, a start is rounded down and an end is rounded up, so that the period does not shrink. */
export function timeOf(date: Date, unit: TimeUnit): string | number {
  const time = date.getTime();
  if (unit === "text" || unit === "deadline") return date.toISOString();
  if (unit === "nanoseconds") return `${BigInt(time) * 1_000_000n}`;
  if (unit === "milliseconds") return time;
  return unit === "end" ? Math.ceil(time / 1000) : Math.floor(time / 1000);
}
