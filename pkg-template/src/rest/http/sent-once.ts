/**
 * The evidence that counts. `codes`: the error codes of a failed connection. `connect-phase`: only Deno's message about connecting.
 * `none`: the runtime may have sent the request before, and the error is only about the last time.
 */
export type Evidence = "codes" | "connect-phase" | "none";

/** Options of `fetch` that keep the runtime from repeating a request, and what errors prove then. */
export interface SentOnce {
  readonly body: string | Blob | null;
  readonly keepalive?: false;
  readonly evidence: Evidence;
}

/**
 * Keeps a runtime from repeating a request that changes something. Measured with a server that executes the request and then resets the connection:
 *
 * - Deno (2.9.5) repeats every request once after a reset or an early end, even on a new connection; from 2.9.6 on, only on a reused connection.
 *   To do so, it needs a copy of the body, which it cannot make of a Blob. A Blob costs 40 µs, and keeps `Content-Length`. `connection: close`,
 *   `keepalive` and `Deno.createHttpClient` do not help.
 * - Bun repeats PUT, DELETE and GET on a reused connection, and POST before 1.3.12. `keepalive: false` opens a new connection. A Blob and
 *   `connection: close` do not help.
 * - Node repeats a request that is answered with 421, which means that it was not carried out. workerd repeats nothing.
 */
export function sentOnce(method: string, body: string | null, write: boolean): SentOnce {
  const { Deno: deno, Bun: bun } = globalThis as { Deno?: { version?: unknown }; Bun?: { version?: unknown } };
  if (deno?.version) {
    return write ? { body: withoutCopy(body ?? ""), evidence: "connect-phase" } : { body, evidence: "none" };
  }
  if (bun?.version) {
    if (!write) return { body, evidence: "none" };
    const repeats = method !== "POST" || /^(0|1\.[0-3])\./.test(`${bun.version as string}`);
    return repeats ? { body, keepalive: false, evidence: "codes" } : { body, evidence: "codes" };
  }
  return { body, evidence: "codes" };
}

/** Makes a body that is a stream of known length. Its `toString` returns the text, for a custom `fetch` that needs text. */
function withoutCopy(text: string): Blob {
  class Text extends Blob {
    override toString(): string {
      return text;
    }
  }
  return new Text([text]);
}
