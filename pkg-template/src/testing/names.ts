// Checks of the exchange's options: a misspelled one would be ignored, and a test would prove nothing.

/**
 * Checks that every option is known, and returns the options.
 * @throws TypeError with the unknown option and those that there are
 */
export function checkKnown<Options extends object>(owner: string, options: Options, known: readonly string[]): Options {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`Unknown option \`${unknown}\` of ${owner}. The options are ${known.join(", ")}.`);
  return options;
}

/**
 * Checks that a value is one of several texts.
 * @throws TypeError with the value and those that there are
 */
export function checkOneOf(name: string, value: unknown, known: readonly string[]): void {
  if (known.includes(value as string)) return;
  const got = typeof value === "string" ? `"${value}"` : `${typeof value === "object" ? "an object" : typeof value}`;
  throw new TypeError(`Invalid \`${name}\`: expected one of ${known.join(", ")}, got ${got}.`);
}
