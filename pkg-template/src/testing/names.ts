// Checks of the exchange's options: a misspelled one would be ignored, and a test would prove nothing.

/**
 * Checks that options are an object, and that every option is known, and returns the options.
 * @throws TypeError with the unknown option and those that there are
 */
export function checkKnown<Options extends object>(owner: string, options: Options, known: readonly string[]): Options {
  checkObject(owner, options);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return options;
  const meant = nearest(unknown, known);
  const advice = meant === undefined ? `Known options: ${known.join(", ")}.` : `Did you mean \`${meant}\`?`;
  throw new TypeError(`Unknown option \`${unknown}\` of ${owner}. ${advice}`);
}

/**
 * Checks that a value is an object. The letters of text would count as options.
 * @throws TypeError with the kind of the value
 */
export function checkObject(owner: string, value: unknown): void {
  if (typeof value === "object" && value !== null) return;
  throw new TypeError(`Invalid options of ${owner}: expected an object, got ${value === null ? "null" : typeof value}.`);
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

/**
 * Checks that options have their types, if they are set. Not a number is no number.
 * @throws TypeError with the option and its type
 */
export function checkTypes(owner: string, options: object, types: Readonly<Record<string, string>>): void {
  for (const [name, type] of Object.entries(types)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && (typeof value !== type || Number.isNaN(value)))
      throw new TypeError(`Invalid \`${name}\` of ${owner}: expected a ${type}.`);
  }
}

/**
 * Checks how often a fault applies: at least once, and after any number of others.
 * @throws TypeError with the wrong one
 */
export function checkCounts({ times = 1, skip = 0 }: { readonly times?: number; readonly skip?: number }): void {
  if (!((Number.isInteger(times) && times > 0) || times === Infinity))
    throw new TypeError("Invalid `times`: expected a whole number above 0, or Infinity.");
  if (!(Number.isInteger(skip) && skip >= 0)) throw new TypeError("Invalid `skip`: expected a whole number.");
}

/**
 * Checks that an endpoint exists: a fault for another one would never apply.
 * @param known - the names; a part in braces stands for any text without a slash
 * @throws TypeError with the endpoint that was probably meant
 */
export function checkEndpoint(name: string | undefined, known: readonly string[]): void {
  if (name === undefined || known.includes(name) || known.some((one) => one.includes("{") && fits(name, one))) return;
  const meant = nearest(name, known);
  const advice = meant === undefined ? "To match any other request, use `match`." : `Did you mean "${meant}"?`;
  throw new TypeError(`Unknown endpoint "${name}". ${advice}`);
}

function fits(name: string, pattern: string): boolean {
  const [parts, wanted] = [name.split("/"), pattern.split("/")];
  return parts.length === wanted.length && wanted.every((part, i) => part === parts[i] || (part.startsWith("{") && parts[i] !== ""));
}

/** Returns the name that differs from this one in case, or in at most two letters. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const far = known.map((one) => ({ one, distance: distance(one.toLowerCase(), name.toLowerCase()) }));
  const best = far.reduce((least, next) => (next.distance < least.distance ? next : least), { one: "", distance: 3 });
  return best.distance <= 2 && best.distance < name.length - 1 ? best.one : undefined;
}

/** Returns how many letters have to be inserted, removed or replaced. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const letter of from) {
    const next = [(row[0] ?? 0) + 1];
    for (let i = 0; i < to.length; i++)
      next.push(Math.min((row[i + 1] ?? 0) + 1, (next[i] ?? 0) + 1, (row[i] ?? 0) + (to[i] === letter ? 0 : 1)));
    row = next;
  }
  return row[to.length] ?? 0;
}
