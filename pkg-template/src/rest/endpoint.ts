import { described } from "../checks.js";
import { need } from "../errors.js";

/** Parameters as they are sent: a plain copy that was read once from the caller's object. */
export type Structure = { readonly [name: string]: unknown };

/** The outcome of one thing that a call asked for: done, with its proof; rejected, with Kraken's error string; or unknown. */
export type Row = "done" | "unknown" | { readonly rejected: string };

/** Returns the outcome that the result of a call proves: one row, or one for each thing that the call asked for. */
export type Proof = (result: unknown, params: Structure) => Row | readonly Row[];

/** The prices that types of orders have: they need them, and Kraken ignores any other price. */
export interface OrderPrices {
  /** The parameter with the type of an order. */
  readonly type: string;
  /** The types of which this is known. Another type may have any price. */
  readonly known: RegExp;
  /** For each parameter that is a price, the types that have it. */
  readonly of: Readonly<Record<string, RegExp>>;
}

/**
 * The unit in which Kraken expects a time: seconds (`end` for the end of a period), milliseconds or nanoseconds since 1970, or text (RFC 3339).
 * A deadline needs its time zone, because an order's fate is judged by it. The `schedule` of an order has seconds since 1970, or `+` and seconds
 * from now. A `timer` has seconds from now.
 */
export type TimeUnit = "seconds" | "end" | "milliseconds" | "nanoseconds" | "text" | "deadline" | "schedule" | "timer";

/** The units of parameters that are times, by name, at any depth of the structure. */
export type TimeUnits = Readonly<Record<string, TimeUnit>>;

/** The amounts that a call adds to the counters of Kraken's rate limits. */
export interface Weight {
  /** The amount on the call counter of the key; 1 by default. */
  readonly calls?: number;
  /** The amount on the trading engine's counter of the pair, for each order that the call places or changes; none by default. */
  readonly trading?: number;
  /** The further amounts for an order that is younger than 5, 10, 15, 45, 90 and 300 seconds; none by default. */
  readonly young?: readonly number[];
  /** It cancels orders, and so never waits: those that it names, all orders, or all orders later. */
  readonly cancels?: "named" | "all" | "later";
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * The record of one endpoint. All code that depends on endpoints reads these records: clients, the choice of a key, retries, the judgment of answers,
 * and the command line.
 */
export interface Endpoint {
  /** The method of the HTTP request. */
  readonly method: Method;
  /** Takes neither key nor signature nor nonce. */
  readonly isPublic?: boolean;
  /** The permissions that a key needs: `|` any of, `&` all of; empty for none. */
  readonly permissions: string;
  /** Whether it changes something, and so is never sent twice. */
  readonly write: boolean | ((params: Structure) => boolean);
  /** Whether the answer is a file. */
  readonly file?: boolean;
  /** The parameter with the time after which the exchange does not accept it anymore, RFC 3339. */
  readonly deadline?: "deadline" | "processBefore";
  /** It places an order, which is its parameters, or several. */
  readonly places?: "order" | "orders";
  /** The prices of these orders, by type. */
  readonly prices?: OrderPrices;
  /** Its `pair` may be a list of objects, as JSON has them. */
  readonly detailedPairs?: boolean;
  /** The units of its parameters that are times, if they differ from those of the other endpoints of its API. */
  readonly times?: TimeUnits;
  /** It takes JSON: as its body (Spot), or in its parameter `json` (Futures). */
  readonly json?: boolean;
  /** The amounts that it adds to the counters of the rate limits, if that is not only 1 on the call counter. Spot only. */
  readonly weight?: Weight;
  /** Of a call that changes something: what in its result proves that it did. */
  readonly proof?: Proof;
  /** Of a call that changes something: the endpoints that show what it did, the likeliest first. */
  readonly shownBy?: readonly string[];
}

/** The endpoints of one of Kraken's APIs, by name. An endpoint that is not among them counts as one that changes something. */
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** The record of an endpoint, if it is known. (Not what every object has, such as `constructor`.) */
export const endpointOf = (endpoints: Endpoints, name: string): Endpoint | undefined =>
  Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;

/** Whether a call changes something. */
export function isWrite({ write }: Pick<Endpoint, "write">, params: Structure): boolean {
  return typeof write === "function" ? write(params) : write;
}

/** The milliseconds that a call may take from the moment of sending: none where it has a deadline already, or takes none. */
export function deadlineIn(endpoint: Pick<Endpoint, "deadline">, params: Structure, milliseconds: number | undefined): number | undefined {
  if (milliseconds === undefined) return undefined;
  need(
    typeof milliseconds === "number",
    `Invalid \`deadline\`: expected milliseconds from the moment of sending, as a number, got ${described(milliseconds)}. A time goes into the parameters.`,
  );
  need(
    milliseconds >= 2500 && milliseconds <= 60_000,
    `Invalid \`deadline\`: expected milliseconds from 2500 to 60000, got ${milliseconds}. Kraken rejects a request that arrives less than 2000 milliseconds before its deadline.`,
  );
  need(endpoint.deadline, "Invalid `deadline`: this endpoint takes no deadline. Leave it out.");
  return params[endpoint.deadline] === undefined ? milliseconds : undefined;
}

/** Whether these permissions are what an endpoint needs. */
export const permits = (permissions: readonly string[], needed: string): boolean =>
  !needed || needed.split("|").some((all) => all.split("&").every((one) => permissions.includes(one)));

/** The value of a property, if the value is an object that has it. */
export const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;

export const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Whether a flag is set in parameters, in any of the spellings that Kraken takes for true. */
export const isSet = (value: unknown): boolean => /^(true|1|yes)$/i.test(`${value as string}`);

/** Proof: the result has text in this property. */
export const withText =
  (name: string): Proof =>
  (result) =>
    isText(property(result, name)) ? "done" : "unknown";

/** Proof: the result has a whole number in this property. */
export const withCount =
  (name: string): Proof =>
  (result) =>
    Number.isSafeInteger(property(result, name)) ? "done" : "unknown";

/** Whether an answer about the dead man's switch shows what its `timeout` asked for: a time that is still to come, or none. */
export function isTimerAsAsked({ timeout }: Structure, times: unknown): boolean {
  const trigger = property(times, "triggerTime");
  const [until, now] = [
    trigger === "0" ? 0 : Date.parse(`${trigger as string}`),
    Date.parse(`${property(times, "currentTime") as string}`),
  ];
  // Times that cannot be read contradict nothing.
  return Number(timeout) === 0 ? !(until > now) : !(until <= now || until === 0);
}

/** Proof: the result is `true`. */
export const isTrue: Proof = (result) => (result === true ? "done" : "unknown");

/** Proof of an endpoint about which nothing is known: there is a result. */
export const isThere: Proof = (result) => (result === null || result === undefined ? "unknown" : "done");
