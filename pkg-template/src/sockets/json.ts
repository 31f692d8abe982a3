import { described } from "../checks.js";
import { InvalidRequestError } from "../errors.js";
import { numberProblem, plainDecimal } from "../rest/request/parameters.js";
import { earlyProblem, timeProblem } from "../rest/request/times.js";
import { socketNumbers, socketTimes } from "../rest/spot/endpoints/socket-methods.js";

const NUMBERS = new Set(socketNumbers.split(" "));

/** A number in text, with a sign and digits as JSON has them. */
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/**
 * A member whose text becomes a number; a string; a number with an exponent; what JSON makes of values that it cannot express. The pattern takes strings
 * whole, so that it finds nothing inside them.
 */
const TOKENS = /("\w+":)"(-?[\d.]+)"|"(?:[^"\\]|\\.)*"|[\d.]+e-\d+|null|\{\}/g;

/**
 * Returns the members of a JSON object, without its braces. Decimals may be text, and become numbers with all their digits. Numbers have no exponent:
 * JavaScript prints 6e-7, but Kraken does not document that form. A `Date` becomes RFC 3339.
 *
 * @throws InvalidRequestError for a value that JSON cannot express, or would change; it names the parameter
 */
export function members(params: object): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(params, checked);
  } catch (error) {
    // For example, an object contains itself. The runtime's message quotes names.
    throw error instanceof InvalidRequestError ? error : new InvalidRequestError("The parameters cannot be written as JSON.");
  }
  if (!text || text[0] !== "{") throw new InvalidRequestError(`Invalid parameters: expected an object, got ${described(params)}.`);
  return text.slice(1, -1).replace(TOKENS, (all: string, member?: string, digits?: string) => {
    if (member) return NUMBERS.has(member.slice(1, -2)) ? member + digits! : all;
    // An order would lose its closing order, or a list one of its ids.
    if (all === "null")
      throw new InvalidRequestError("A parameter, or an item of a list, has no value that JSON can express. Leave it out.");
    if (all === "{}") throw new InvalidRequestError("A parameter is an object without values. Leave it out.");
    return all.startsWith('"') ? all : plainDecimal(Number(all));
  });
}

/** Returns a value as it is written, after a check. */
function checked(name: string, value: unknown): unknown {
  const refuse = (problem: string): never => {
    throw new InvalidRequestError(`Parameter \`${name.slice(0, 80)}\`: ${problem}`);
  };
  if (/^(token|req_id)$/.test(name)) refuse("the socket adds its own.");
  const [unit, isNumber] = [Object.hasOwn(socketTimes, name) ? socketTimes[name] : undefined, NUMBERS.has(name)];
  if (unit && /^(number|string|bigint)$/.test(typeof value)) {
    const isScheduled = /^(effective|expire)_time \d{4}-/.test(`${name} ${value as string}`);
    const problem =
      timeProblem(value as number | string | bigint, unit) ?? (isScheduled ? earlyProblem(new Date(value as string)) : undefined);
    if (problem) refuse(problem);
  }
  if (typeof value === "number") {
    const problem = numberProblem(value, true);
    if (problem) refuse(problem);
  }
  if (isNumber && typeof value === "bigint") return `${value}`;
  if (isNumber && typeof value === "string" && !DECIMAL.test(value))
    refuse(`expected a decimal number, such as "1234.5", got ${JSON.stringify(value.slice(0, 40))}.`);
  if (/^(bigint|function|symbol)$/.test(typeof value) || value === null) refuse("cannot be sent. Leave it out.");
  return value;
}
