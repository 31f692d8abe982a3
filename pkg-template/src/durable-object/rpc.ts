import type { CallOptions } from "../rest/call.js";
import { InvalidRequestError } from "../errors.js";

/** Options of a call, as they are sent over RPC: a signal cannot be, so `spotClient` and `futuresClient` send a function that tells of its end. */
export type Remote<Options extends CallOptions> = Omit<Options, "signal"> & {
  /** Resolves when the caller aborts. */ readonly aborted?: (() => Promise<void>) | undefined;
};

/** What was asked to end, by a signal on the other side. A caller that is gone does not end its call. */
export function local<O extends CallOptions>({ aborted, ...options }: Remote<O>): Omit<Remote<O>, "aborted"> & { signal?: AbortSignal } {
  if (!aborted) return options;
  const stopper = new AbortController();
  aborted().then(
    () => stopper.abort(),
    () => {},
  );
  return { ...options, signal: stopper.signal };
}

/** Refuses to work where an error keeps nothing but its message when it crosses: nobody could tell an unknown outcome from a refusal. */
export function checkErrorsSurvive(): void {
  const { Cloudflare } = globalThis as { Cloudflare?: { compatibilityFlags?: Record<string, boolean> } };
  if (Cloudflare?.compatibilityFlags?.enhanced_error_serialization === false)
    throw new InvalidRequestError(
      "Set compatibility_date to 2026-04-21 or later, or the flag enhanced_error_serialization: errors need it.",
    );
}
