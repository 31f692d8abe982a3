import { need } from "../errors.js";

/** Whether a value is text of this form. */
export const matches = (pattern: RegExp, text: unknown): text is string => typeof text === "string" && pattern.test(text);

/** Checks the base URL a caller gives, and returns it without a final slash. */
export function baseOf(url: string): string {
  need(
    matches(/^(https:\/\/[^\s/?#@\\]+|http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?)(\/[^\s?#@\\]*)?$/, url),
    "Invalid `baseUrl`: expected https (http on loopback only), without credentials, query and fragment.",
  );
  return url.replace(/\/+$/, "");
}

/** Who can open a page can read its secrets. Workers, Deno, Bun and Node have no document, and no browser's name. */
export function inBrowser(): boolean {
  const { document, navigator } = globalThis as { document?: unknown; navigator?: { userAgent?: unknown } };
  return !!document || matches(/^Mozilla/, navigator?.userAgent);
}
