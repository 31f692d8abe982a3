import { need } from "../errors.js";
import type { Params } from "../params.js";

/** In what Kraken wants a time: seconds, milliseconds or nanoseconds since 1970, or as text (RFC 3339). */
type TimeUnit = "seconds" | "milliseconds" | "nanoseconds" | "text";

type Units = Readonly<Record<string, TimeUnit>>;

const SPOT: Units = {
  start: "seconds",
  end: "seconds",
  starttm: "seconds",
  endtm: "seconds",
  expiretm: "seconds",
  since: "seconds",
  deadline: "text",
  from_ts: "text",
  to_ts: "text",
};
const TEXT: Units = { lastTime: "text", lastFillTime: "text", lastTransferTime: "text", processBefore: "text", expiry: "text" };
const CHARTS: Units = { from: "seconds", to: "seconds", since: "seconds" };
const HISTORY: Units = { since: "milliseconds", before: "milliseconds" };

/** Which parameters of a Spot endpoint are times. */
export const spotTimes = (endpoint: string): Units => (endpoint === "Trades" ? { since: "nanoseconds" } : SPOT);

/** Which parameters of a Futures endpoint are times. */
export function futuresTimes(endpoint: string): Units {
  if (endpoint.startsWith("/api/charts/")) return CHARTS;
  return endpoint.startsWith("/api/history/") ? HISTORY : TEXT;
}

/** 1e11 seconds are the year 5138, and 1e11 milliseconds March 1973: between them lies every time that is meant. */
const BORDER = 1e11;

function checked(value: unknown, name: string, unit: TimeUnit): void {
  const isNumber = typeof value === "number" || typeof value === "bigint" || (typeof value === "string" && /^\d+(\.\d*)?$/.test(value));
  if (!isNumber || unit === "text") return;
  const time = Number(value);
  const isOf = { seconds: time < BORDER, milliseconds: time < 1e9 || time >= BORDER, nanoseconds: time < BORDER || time >= 1e17 };
  need(
    isOf[unit],
    `Parameter \`${name}\`: ${`${value as string}`.slice(0, 20)} is a time in ${time < BORDER ? "seconds" : "milliseconds"}; ` +
      `Kraken wants ${unit} since 1970 here. Pass a \`Date\`, or ${unit}.`,
  );
}

function written(date: Date, name: string, unit: TimeUnit): string | number {
  const time = date.getTime();
  need(!Number.isNaN(time), `Parameter \`${name}\`: an invalid Date.`);
  if (unit === "text") return date.toISOString();
  if (unit === "nanoseconds") return `${BigInt(time) * 1_000_000n}`;
  return unit === "seconds" ? Math.floor(time / 1000) : time;
}

const isPlain = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype as object) === null;
};

/** No endpoint has lists in lists; what is deeper, or has no end, is for others to refuse. */
const DEEPEST = 4;

function timed(value: unknown, name: string, units: Units, depth: number): unknown {
  const unit = Object.hasOwn(units, name) ? units[name] : undefined;
  if (unit && value instanceof Date) return written(value, name, unit);
  // A list's entries count under its name.
  if (Array.isArray(value) && depth < DEEPEST) return value.map((part) => timed(part, name, units, depth + 1));
  if (depth === DEEPEST || !isPlain(value)) {
    if (unit) checked(value, name, unit);
    return value;
  }
  // Read once: a getter may answer differently the second time.
  return Object.fromEntries(Object.entries(value).map(([inner, part]) => [inner, timed(part, inner, units, depth + 1)]));
}
/**
 * Parameters with their times as Kraken wants them: each `Date` is written in the endpoint's unit, and a number in another one is refused; also in
 * lists, and in the orders of a batch. What is no plain object is returned as it is, for others to refuse.
 *
 * @throws InvalidRequestError naming the parameter
 */
export function withTimes(given: Params, units: Units): Params {
  return timed(given, "", units, 0) as Params;
}
