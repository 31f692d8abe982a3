// Formats answers for people.
import { printable } from "./io.js";

const isScalar = (value: unknown): boolean => value === null || typeof value !== "object";

/** Whether a value fits on the line of its name: a scalar, a list of scalars, or nothing. */
const isShort = (value: unknown): boolean =>
  isScalar(value) || (Array.isArray(value) ? value.every(isScalar) : !Object.keys(value as object).length);

/** Formats an answer as indented text, with names and values on lines, and lists with dashes. */
export function rendered(value: unknown): string {
  if (isScalar(value)) return value === "" ? '""' : printable(String(value));
  const entries = Object.entries(value as object);
  if (!entries.length) return "none";
  if (Array.isArray(value)) {
    if (isShort(value)) return value.map(rendered).join(", ");
    return value.map((item) => `- ${rendered(item).replaceAll("\n", "\n  ")}`).join("\n");
  }
  const width = Math.max(0, ...entries.filter(([, one]) => isShort(one)).map(([name]) => name.length));
  return entries
    .map(([name, one]) =>
      isShort(one)
        ? `${printable(name).padEnd(width)}  ${rendered(one)}`
        : `${printable(name)}\n  ${rendered(one).replaceAll("\n", "\n  ")}`,
    )
    .join("\n");
}
