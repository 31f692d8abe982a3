import { InvalidRequestError } from "../errors.js";

/**
 * Returns the members of a JSON object, without its braces. Numbers have no exponent: JavaScript prints 6e-7, but Kraken does not document
 * that form. A `Date` becomes RFC 3339.
 *
 * @throws InvalidRequestError for a value that JSON cannot express, or would change; it names the parameter, never its value
 */
export function members(params: object): string {
  let text: string | undefined;
  const refuse = (name: string, problem: string): never => {
    throw new InvalidRequestError(`Parameter ${name.slice(0, 80)}: ${problem}.`);
  };
  try {
    text = JSON.stringify(params, (name, value: unknown) => {
      if (/^(token|req_id)$/.test(name)) refuse(name, "the socket adds its own");
      if (typeof value === "number" && (!Number.isFinite(value) || Math.abs(value) >= 1e21)) refuse(name, "a number that cannot be sent");
      // 0.1 + 0.2 has 17 digits, which is a mistake. Kraken does not accept text here instead.
      if (typeof value === "number" && Number(value.toPrecision(15)) !== value)
        refuse(name, "a number with more than 15 digits, as 0.1 + 0.2 has. Round it");
      if (/^(bigint|function|symbol)$/.test(typeof value) || value === null) refuse(name, "cannot be sent: leave it out");
      return value;
    });
  } catch (error) {
    // For example, an object contains itself. The runtime's message quotes names.
    throw error instanceof InvalidRequestError ? error : new InvalidRequestError("The parameters cannot be written as JSON.");
  }
  if (!text || text[0] !== "{") throw new InvalidRequestError("Give the parameters as an object.");
  return text
    .slice(1, -1)
    .replace(/"(?:[^"\\]|\\.)*"|\d(?:\.(\d+))?e-(\d+)/g, (all, digits = "", exponent) =>
      exponent ? Number(all).toFixed(+exponent + digits.length) : all,
    );
}
