import type { TimeUnit } from "../endpoint.js";

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

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

/**
 * Returns the problem of a timer's seconds. Kraken recommends 60, and documents that it accepts less than 86400, a day. Milliseconds would be below that
 * limit, too: 60000 are 16 hours, in which no order would be canceled. So a number has to be at most an hour, and text may be more. Kraken might read
 * 0.5, or nothing, as 0, which turns the timer off.
 */
function timerProblem(value: string | number | bigint): string | undefined {
  const text = `${value}`.slice(0, 20);
  if (/^\d+$/.test(text) && Number(text) <= (typeof value === "string" ? 86_399 : 3600)) return undefined;
  return `expected whole seconds up to 3600, got ${text || "nothing"}. Are these milliseconds? For a longer time, pass text below "86400".`;
}

/** Returns the problem of a number or a text as a time in this unit, or `undefined` if there is none. */
export function timeProblem(value: string | number | bigint, unit: TimeUnit): string | undefined {
  if (unit === "timer") return timerProblem(value);
  // Kraken might read the beginning of other text, or nothing, as a number: such an order would start at once, or would never expire.
  if (unit === "schedule" && !/^\+?\d+(\.\d*)?$/.test(`${value}`))
    return `expected seconds since 1970, or "+" and seconds from now, got ${JSON.stringify(`${value}`.slice(0, 40))}. Pass a \`Date\`, or seconds.`;
  const isNumber = typeof value !== "string" || /^\d+(\.\d*)?$/.test(value);
  const isText = unit === "text" || unit === "deadline";
  if (!isNumber)
    return unit !== "deadline" || RFC_3339.test(value)
      ? undefined
      : `expected a time in RFC 3339 with its time zone, such as date.toISOString(), or a Date, got ${JSON.stringify(value.slice(0, 40))}.`;
  const time = Number(value);
  // Such an order would start at once, or would have expired.
  if (unit === "schedule" && time > 0 && time < 1e9)
    return `${`${value}`.slice(0, 20)} is a time before 2002. For seconds from now, pass "+${value}".`;
  if (!isText && fits(time, unit)) return undefined;
  const name = unit.endsWith("seconds") ? unit : "seconds";
  const [expected, instead] = isText
    ? [`text in RFC 3339${unit === "text" ? "" : " with its time zone"}`, "date.toISOString()"]
    : [`${name} since 1970`, name];
  return `expected ${expected}, got ${`${value}`.slice(0, 20)}, which is in ${unitOf(time)}. Pass a \`Date\`, or ${instead}.`;
}

/**
 * Returns the problem of a date in the schedule of an order. `new Date(null)` is in 1970, and so is one that was made from seconds: the order would start
 * at once, or would never expire.
 */
export const earlyProblem = (date: Date): string | undefined =>
  +date < 1e12
    ? `${date.toISOString()} is a time before 2002. A Date is made from milliseconds: was this one made from seconds, or from nothing?`
    : undefined;

/** Converts a time to Kraken's unit. In seconds, a start is rounded down and an end is rounded up, so that the period does not shrink. */
export function timeOf(date: Date, unit: TimeUnit): string | number {
  const time = date.getTime();
  if (unit === "text" || unit === "deadline") return date.toISOString();
  if (unit === "nanoseconds") return `${BigInt(time) * 1_000_000n}`;
  if (unit === "milliseconds") return time;
  return unit === "end" ? Math.ceil(time / 1000) : Math.floor(time / 1000);
}
