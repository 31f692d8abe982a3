/** An error of other code that repeats this many characters of a credential, or of a body, is withheld. A body has common words, so its limit is higher. */
const CREDENTIAL = 8;
const BODY = 16;

/** A copy of an error without secrets. */
export interface SanitizedError {
  /** The first code in the chain of causes. */
  readonly reason: string | undefined;
  readonly cause: Error;
}

/**
 * Copies an error of other code: only its name, code, message and causes. Runtimes quote headers in messages, and some packages attach whole requests
 * to errors, so a text that repeats a part of the request is left out.
 *
 * @param secrets texts of the request: credentials, and last its body
 */
export function sanitized(thrown: unknown, secrets: readonly string[]): SanitizedError {
  const reason: { code?: string } = {};
  return { cause: copy(thrown, secrets, reason, 0), reason: reason.code };
}

function copy(thrown: unknown, secrets: readonly string[], reason: { code?: string }, depth: number): Error {
  const read = (name: string): unknown => {
    try {
      return (Object(thrown) as Record<string, unknown>)[name];
    } catch {
      return undefined;
    }
  };
  const shown = (value: unknown, pattern: RegExp): string | undefined =>
    typeof value === "string" && pattern.test(value) && !reveals(value, secrets) ? value : undefined;
  const message = typeof thrown === "string" ? thrown : read("message");
  const error = new Error(
    shown(withoutLogin(message), /^[^]{1,500}$/) ?? "The message is withheld, because it is empty, very long, or repeats the request.",
  );
  error.name = shown(read("name"), /^[A-Za-z_$][\w$]{0,59}$/) ?? "Error";
  // The stack would only show where this copy was made.
  error.stack = `${error.name}: ${error.message}`;
  const code = shown(read("code"), /^[A-Za-z][\w/]{2,59}$/);
  if (code) {
    Object.assign(error, { code });
    reason.code ??= code;
  }
  const causes = read("errors");
  const cause = read("cause") ?? (Array.isArray(causes) ? causes[0] : undefined);
  if (cause !== undefined && cause !== thrown && depth < 4) {
    Object.defineProperty(error, "cause", { value: copy(cause, secrets, reason, depth + 1), configurable: true, writable: true });
  }
  return error;
}

/** Removes the user and the password of a proxy from its URL. */
const withoutLogin = (message: unknown): unknown => (typeof message === "string" ? message.replace(/\/\/[^\s/@]*@/g, "//") : message);

/** Whether a text contains a part of a secret. */
function reveals(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret, i) => {
    const length = Math.min(i === secrets.length - 1 ? BODY : CREDENTIAL, secret.length);
    for (let start = 0; length && start + length <= secret.length; start++) {
      if (text.includes(secret.slice(start, start + length))) return true;
    }
    return false;
  });
}
