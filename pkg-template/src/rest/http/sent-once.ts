/**
 * What may be believed of an error: the `codes` of a failed connection; in Deno only that its own `fetch` failed in its `connect-phase`; or
 * nothing, where the runtime may have sent the request before, and tells of the last time only.
 */
export type Evidence = "codes" | "connect-phase" | "none";

/** A request as it goes out so that the runtime does not repeat it by itself, and what errors prove then. */
export interface SentOnce {
  readonly body: string | Blob | null;
  readonly keepalive?: false;
  readonly evidence: Evidence;
}

/**
 * Keeps a runtime from repeating a request that changes something. Measured with a server that executes, and then resets the connection:
 *
 * - Deno (2.9.5) repeats any request once after a reset or an early end, also on a new connection; from 2.9.6 on only on one that was used before.
 *   It needs a copy of the body for that, and has none of a Blob. That takes 40 µs more, and `Content-Length` stays. `connection: close`,
 *   `keepalive` and `Deno.createHttpClient` do not help.
 * - Bun repeats PUT, DELETE and GET on a connection that was used before; before 1.3.12 POST, too. With `keepalive: false` it opens one.
 *   A Blob and `connection: close` do not help.
 * - Node repeats what is answered with 421, which says that it was not carried out; workerd repeats nothing.
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

/** A body that is read as a stream of known length. A `fetch` of other people's that wants text finds it, too. */
function withoutCopy(text: string): Blob {
  class Text extends Blob {
    override toString(): string {
      return text;
    }
  }
  return new Text([text]);
}
