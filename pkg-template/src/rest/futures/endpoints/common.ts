import { type Endpoint, type Method, type Proof, type Row, type Structure, type TimeUnits, isText, property } from "../../endpoint.js";

/** Returns the record of an endpoint that changes nothing. */
export const read = (method: Method, more: Partial<Endpoint> = {}): Endpoint => ({ method, permissions: "read", write: false, ...more });

/** The record of a private endpoint that changes nothing. */
export const get: Endpoint = /* @__PURE__ */ read("GET");

/** The record of a public endpoint. */
export const open: Endpoint = { method: "GET", isPublic: true, permissions: "", write: false };

/** The units of the times of histories. */
export const historyTimes: TimeUnits = { since: "milliseconds", before: "milliseconds" };

/** Returns the record of an endpoint that changes something, with its proof. */
export const write = (
  permissions: "full" | "withdrawal",
  proof: Proof,
  method: Method = "POST",
  more: Partial<Endpoint> = {},
): Endpoint => ({
  method,
  permissions,
  write: true,
  proof,
  ...more,
});

/** The success of an instruction about an order, as answers show it. */
export interface Achievement {
  /** The statuses that mean success. */
  readonly statuses: readonly string[];
  /** The types of the events that show it. */
  readonly events: readonly string[];
}

/** The success of each instruction. The names are those of the instructions in a batch. */
export const ACHIEVED = {
  send: { statuses: ["placed", "filled", "partiallyFilled"], events: ["PLACE", "EXECUTION"] },
  edit: { statuses: ["edited"], events: ["EDIT"] },
  cancel: { statuses: ["cancelled"], events: ["CANCEL"] },
} as const satisfies Readonly<Record<string, Achievement>>;

/** Returns the types of the events in the answer to an instruction. */
function eventsIn(answer: unknown): readonly unknown[] {
  const events = property(answer, "orderEvents");
  return Array.isArray(events) ? events.map((event: unknown) => property(event, "type")) : [];
}

/**
 * Returns the row of an answer to one instruction: done if its status is a success, otherwise rejected with Kraken's text. It is unknown if the events
 * beside the status show the opposite.
 */
export function statusRow(answer: unknown, { statuses, events }: Achievement): Row {
  const status = property(answer, "status");
  if (!isText(status)) return "unknown";
  const seen = eventsIn(answer);
  if (!statuses.includes(status)) return seen.some((type) => events.some((one) => one === type)) ? "unknown" : { rejected: status };
  return seen.length > 0 && seen.every((type) => type === "REJECT") ? "unknown" : "done";
}

/** Whether an answer is about an instruction: the names that both have agree. */
export const isAbout = (answer: unknown, instruction: unknown): boolean =>
  ["order_tag", "cliOrdId", "order_id"].every((name) => {
    const [answered, asked] = [property(answer, name), property(instruction, name)];
    return !isText(answered) || asked === undefined || answered === `${asked as string}`;
  });

/** Proof: the result has an object of this name, which is about the order of the call, and whose status is a success. */
export const status =
  (name: string, achieved: Achievement): Proof =>
  (result, params) => {
    const answer = property(result, name);
    return isAbout(answer, params) ? statusRow(answer, achieved) : "unknown";
  };

/** Returns the instructions of a batch, also if `json` is text, as other clients send it; `undefined` if they cannot be read. */
export function batchRows({ json, batchOrder }: Structure): readonly unknown[] | undefined {
  const rows = json === undefined ? batchOrder : property(parsed(json), "batchOrder");
  return Array.isArray(rows) ? rows : undefined;
}

/** Returns the parameter `json` as an object, also if it is text; `undefined` if it cannot be read. */
export function parsed(json: unknown): unknown {
  try {
    return typeof json === "string" ? JSON.parse(json) : json;
  } catch {
    return undefined;
  }
}

/** An amount, a price or a size: decimal text such as `"0.0001"`, or a number from 0.000001 on with at most 15 digits. */
export type DecimalParam = string | number | bigint;

/** A time: a `Date`, or seconds since 1970. */
export type SecondsParam = Date | number | string;

/** A time: a `Date`, or milliseconds since 1970. */
export type MillisecondsParam = Date | number | string;

/** A time: a `Date`, or text in RFC 3339, such as `"2026-11-28T12:00:00.000Z"`. */
export type TimestampParam = Date | string;

/** One of these texts, or one that Kraken adds later. */
export type Known<Text extends string> = Text | (string & {});

declare const none: unique symbol;

/** The parameters of an endpoint that takes none. */
export interface NoParams {
  readonly [none]?: never;
}

/** The common fields of answers under `/derivatives`. If `result` is not `success`, the call throws. */
export interface Success {
  /** Whether the call was carried out. */
  result: "success";
  /** The time of the exchange's clock, RFC 3339. */
  serverTime: string;
}

export type Side = "buy" | "sell";

/** The prices from which candles are made. */
export type TickType = "spot" | "mark" | "trade";

/** The length of a candle. */
export type Resolution = "1m" | "5m" | "15m" | "30m" | "1h" | "4h" | "12h" | "1d" | "1w";

export interface OptionGreeks {
  /** The implied volatility; -1 if it cannot be computed. */
  iv: number;
  /** The change of value with the price. */
  delta?: number;
  /** The change of delta with the price. */
  gamma: number | null;
  /** The change of value with the volatility. */
  vega: number | null;
  /** The change of value with time. */
  theta: number | null;
  /** The change of value with the interest rate. */
  rho: number | null;
}
