import { described } from "../../checks.js";
import { InvalidRequestError } from "../../errors.js";
import type { TimeUnit, TimeUnits } from "../endpoint.js";
import { earlyProblem, timeOf, timeProblem } from "./times.js";

/** A parameter as the caller gives it. `undefined` is left out. A `Date` is accepted only for a time. */
export type Param = string | number | bigint | boolean | Date | undefined | readonly Param[] | { readonly [name: string]: Param };

/** The parameters of a call. The client adds `nonce` and `otp`, new for each attempt. */
export type Params = { readonly [name: string]: Param };

/** A value that has the same meaning in a form and in JSON. */
export type Scalar = string | number | bigint | boolean;

/** A parameter that was read: a frozen copy. Names with brackets have become objects, and comma-separated lists have become text. */
export type ParamValue = Scalar | readonly ParamValue[] | { readonly [name: string]: ParamValue };

/** The conventions for an endpoint's parameters, by name, at any depth of the structure. */
export interface Conventions {
  /** The names of parameters whose list is joined by commas, separated by spaces. */
  readonly lists: string;
  /** The units of parameters that are times, and therefore accept a `Date`. */
  readonly times: TimeUnits;
  /** The parameters, as a message names them; `parameters` by default. */
  readonly what?: string | undefined;
}

/** Parameters that are being read: members by name, items by index. */
type Group = Map<string, Scalar | Group>;

const DEPTH = 10;
const ITEMS = 10_000;
const INDEX = /^(0|[1-9]\d{0,4})$/;

/** @throws InvalidRequestError that names the parameter and says what to do */
export function refuse(place: string, problem: string): never {
  const shown = place.slice(0, 80).replace(/[^ -~]/g, "?");
  throw new InvalidRequestError(place ? `Parameter \`${shown}\`: ${problem}` : problem);
}

/**
 * Reads each property of parameters once, because a getter may return another value the second time. Names with brackets, such as
 * `close[price]`, are split and merged with nested objects. A parameter that is given twice is refused.
 *
 * @throws InvalidRequestError that names the parameter, but not a value that may be secret
 */
export function readParams(params: Params, conventions: Conventions): { readonly [name: string]: ParamValue } {
  if (!isPlain(params))
    refuse(
      "",
      `Invalid ${conventions.what ?? "parameters"}: expected a plain object, such as { pair: "XBTUSD" }, got ${described(params)}.`,
    );
  const group: Group = new Map();
  readMembers(params, group, "", conventions, 0);
  return objectOf(group, "", conventions);
}

function readMembers(object: object, group: Group, place: string, conventions: Conventions, depth: number): void {
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined) readNamed(name, value, group, place, conventions, depth);
  }
}

const PLAIN_NAME = /^[\w.-]+$/;
const RESERVED = /^(__proto__|constructor|prototype|nonce|otp)$/i;

/** Reads one property, whose name may be a path. */
function readNamed(name: string, value: unknown, group: Group, place: string, conventions: Conventions, depth: number): void {
  if (PLAIN_NAME.test(name) && !RESERVED.test(name)) return readValue(value, group, name, within(place, name), conventions, depth + 1);
  const path = pathOf(name, place);
  let inner = group;
  let here = place;
  for (const step of path.slice(0, -1)) {
    here = within(here, step);
    const next = inner.get(step) ?? new Map<string, never>();
    if (!(next instanceof Map)) twice(here);
    inner.set(step, next);
    inner = next;
  }
  const last = path.at(-1)!;
  readValue(value, inner, last, within(here, last), conventions, depth + path.length);
}

function readValue(value: unknown, group: Group, key: string, place: string, conventions: Conventions, depth: number): void {
  if (depth > DEPTH) refuse(place, `nested more than ${DEPTH} levels deep. Does it contain itself?`);
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) {
    if (group.has(key)) twice(place);
    group.set(key, scalarOf(value, place, conventions));
    return;
  }
  const before = group.get(key);
  const inner: Group = before instanceof Map ? before : new Map();
  if (before !== undefined && before !== inner) twice(place);
  group.set(key, inner);
  if (isList) readItems(value, inner, place, conventions, depth);
  else readMembers(value, inner, place, conventions, depth);
  if (!inner.size) refuse(place, isList ? "an empty list. Leave it out, or name at least one." : "an object without values. Leave it out.");
}

function readItems(list: readonly unknown[], group: Group, place: string, conventions: Conventions, depth: number): void {
  if (list.length > ITEMS) refuse(place, `a list of more than ${ITEMS} items.`);
  // The copy has undefined for the missing items of a sparse list.
  for (const [index, item] of [...list].entries()) {
    readValue(item, group, `${index}`, `${place}[${index}]`, conventions, depth + 1);
  }
}

const within = (place: string, step: string): string => (place ? `${place}[${step}]` : step);

function twice(place: string): never {
  refuse(place, "given twice. Write it once, either nested or as a name with brackets.");
}

/** Returns the steps of a name: `close[price]` has two. */
function pathOf(name: string, place: string): string[] {
  const whole = place ? `${place}[${name}]` : name;
  if (!/^[\w.-]+(\[[\w.-]*\])*$/.test(name)) {
    refuse(whole, "not a name of a parameter. Names have letters, digits, `_`, `-` and `.`, and brackets for nested values.");
  }
  const path = name.split(/\]?\[|\]/).slice(0, name.endsWith("]") ? -1 : undefined);
  if (path.includes("")) refuse(whole, "empty brackets. Give a list, or an index, such as `txid[0]`.");
  if (path.some((step) => /^(__proto__|constructor|prototype)$/.test(step))) refuse(whole, "not a name of a parameter.");
  if (!place && /^(nonce|otp)$/i.test(path[0]!)) {
    const source = /^otp$/i.test(path[0]!) ? "the client's option `otp`" : "the client";
    refuse(whole, `a fresh one comes from ${source} with every request. Leave it out.`);
  }
  return path;
}

/** Returns whether a value is a plain object, also one of another realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** Returns the name by which conventions refer to a place: its last step that is not an index. */
const nameOf = (place: string): string => /([^[\]]+)(\]?\[\d+)*\]?$/.exec(place)![1]!;

/** Returns whether the name of a place is one of these. A quick check comes first, so that most places need not be split. */
const isAmong = (names: string, place: string): boolean => {
  if (!place.endsWith("]") && !names.includes(place)) return false;
  return ` ${names} `.includes(` ${nameOf(place)} `);
};

/** Parts of the names of parameters whose values do not appear in messages. */
const SECRET = /otp|pass|secret|token|code|key/i;

function scalarOf(value: unknown, place: string, { times }: Conventions): Scalar {
  // Most names have no brackets, and need not be split.
  const name = place.endsWith("]") ? nameOf(place) : place;
  const unit = Object.hasOwn(times, name) ? times[name] : undefined;
  if (isScalar(value)) {
    const problem = problemOf(value, name, unit);
    if (problem) refuse(place, problem);
    return value;
  }
  if (isDate(value)) return dateOf(value, place, unit);
  if (value === null || value === undefined) refuse(place, `${value} has no meaning for Kraken. Leave it out.`);
  return refuse(place, `${described(value)} cannot be sent. Pass a string.`);
}

/** Whether a value is a Date, also one of another realm, or one that was made before a test replaced `Date`. */
const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === "[object Date]";

const isScalar = (value: unknown): value is Scalar => /^(string|number|bigint|boolean)$/.test(typeof value);

/** Returns what is wrong with a value, or `undefined`. */
function problemOf(value: Scalar, name: string, unit: TimeUnit | undefined): string | undefined {
  const problem = unit && typeof value !== "boolean" ? timeProblem(value, unit) : undefined;
  if (problem) return problem;
  if (typeof value === "number") {
    const inexact = numberProblem(value);
    return inexact && SECRET.test(name) ? "a number that is not exact. Pass a string." : inexact;
  }
  return typeof value === "string" && /[\ud800-\udfff]/u.test(value)
    ? "a lone surrogate, which has no bytes. The text was cut within a character."
    : undefined;
}

function dateOf(date: Date, place: string, unit: TimeUnit | undefined): string | number {
  if (!unit || unit === "timer") refuse(place, "a Date is not accepted here. Pass a string, such as date.toISOString().");
  if (Number.isNaN(+date)) refuse(place, "an invalid Date. Check the text it was made from.");
  const problem = unit === "schedule" ? earlyProblem(date) : undefined;
  if (problem) refuse(place, problem);
  return timeOf(date, unit);
}

/**
 * Returns the problem of a number whose text may not be what was meant: 1e-7 has an exponent, 0.1 + 0.2 has 17 digits, and long integers lose digits.
 *
 * @param writesExponent - whether a number such as 1e-7 is written without its exponent
 */
export function numberProblem(value: number, writesExponent = false): string | undefined {
  if (!Number.isFinite(value)) return `${value} is not a number that can be sent. Check what it was computed from.`;
  if (Object.is(value, -0)) return "-0 is not a number that was meant. Pass 0.";
  // For most numbers, the digits need not be counted.
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return undefined;
  const text = `${value}`;
  const isExponent = text.includes("e") && !writesExponent;
  const isLong = significantDigits(text) > 15;
  const isInexact = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (!isExponent && !isLong && !isInexact) return undefined;
  const meant = plainDecimal(isLong ? Number(value.toPrecision(15)) : value);
  if (isExponent) return `${text} would be sent in exponent form. Pass a string, such as "${meant}".`;
  if (isInexact) return `${text} is more than a number holds exactly. Pass a bigint, or a string: "${text}", if that was meant.`;
  // Rounded to 15 digits, such a number would be another whole number.
  if (Math.abs(value) >= 1e15) return `${text} has more than 15 digits, of which a number may lose some. Pass a string, "${text}".`;
  return `${text} has more digits than were meant. Pass a string, such as "${meant}".`;
}

/** Returns how many digits the text of a number has, from the first to the last that is not 0. */
const significantDigits = (text: string): number =>
  text
    .replace(/e.*$/, "")
    .replace(/\D/g, "")
    .replace(/^0+|0+$/g, "").length;

/** Returns a number as text without an exponent: 1e-7 is 0.0000001. */
export function plainDecimal(value: number): string {
  const [, sign, whole, fraction = "", exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(`${value}`)!;
  if (!exponent) return `${value}`;
  const digits = `${whole}${fraction}`;
  const point = whole!.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, "0")}${point < digits.length ? `.${digits.slice(point)}` : ""}`;
}

function objectOf(group: Group, place: string, conventions: Conventions): { readonly [name: string]: ParamValue } {
  const object: Record<string, ParamValue> = {};
  for (const [name, member] of group) object[name] = structureOf(member, within(place, name), conventions);
  return Object.freeze(object);
}

function structureOf(member: Scalar | Group, place: string, conventions: Conventions): ParamValue {
  if (!(member instanceof Map)) return member;
  const indices = [...member.keys()].filter((key) => INDEX.test(key));
  if (!indices.length) return objectOf(member, place, conventions);
  if (indices.length < member.size) refuse(place, "both items of a list and names in it. Which of them was meant?");
  const items = Array.from({ length: member.size }, (_, index) => {
    const item = member.get(`${index}`);
    return item === undefined
      ? refuse(place, `item ${index} of the list is missing.`)
      : structureOf(item, `${place}[${index}]`, conventions);
  });
  if (!isAmong(conventions.lists, place)) return Object.freeze(items);
  for (const [index, item] of items.entries()) {
    if (typeof item === "object") refuse(`${place}[${index}]`, "Kraken takes this list joined by commas, so its items must be text.");
  }
  return items.join();
}
