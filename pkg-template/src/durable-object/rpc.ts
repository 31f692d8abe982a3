import type { CallOptions } from "../rest/call.js";
import { described, isRecord } from "../checks.js";
import { InvalidRequestError, need } from "../errors.js";

/** Options of a call over RPC. A signal cannot be sent, so `spotClient` and `futuresClient` send a function in its place. */
export type Remote<Options extends CallOptions> = Omit<Options, "signal"> & {
  /** Resolves when the caller aborts, and at the end of the call. */ readonly aborted?: (() => Promise<void>) | undefined;
};

/** Turns `aborted` into a signal on this side. A caller that is gone does not abort its call. */
export function local<O extends CallOptions>(given: Remote<O>): Omit<Remote<O>, "aborted"> & { signal?: AbortSignal } {
  need(isRecord(given), `Invalid options: expected an object, got ${described(given)}.`);
  const { aborted, ...options } = given;
  // The client refuses it, as any option that it does not know.
  if (typeof aborted !== "function") return aborted === undefined ? options : given;
  const stopper = new AbortController();
  // It also resolves at the end of a call, when nothing listens to the signal anymore.
  aborted()
    .then(
      () => stopper.abort(),
      () => {},
    )
    .then(() => dispose(aborted));
  return { ...options, signal: stopper.signal };
}

/** Disposes of a stub. workerd warns if one is only collected. */
function dispose(stub: object): void {
  const name = (Symbol as { dispose?: symbol }).dispose;
  if (name) (stub as Record<symbol, (() => void) | undefined>)[name]?.();
}

/** Refuses to work where errors keep only their message over RPC, because an unknown outcome and a rejection would look the same. */
export function checkErrorsSurvive(): void {
  const { Cloudflare } = globalThis as { Cloudflare?: { compatibilityFlags?: Record<string, boolean> } };
  if (Cloudflare?.compatibilityFlags?.enhanced_error_serialization === false)
    throw new InvalidRequestError(
      "Set compatibility_date to 2026-04-21 or later, or the flag enhanced_error_serialization. Errors lose their fields over RPC without it.",
    );
}
