import type { CallOptions } from "../rest/call.js";
import { InvalidRequestError } from "../errors.js";

/** Options of a call over RPC. A signal cannot be sent, so `spotClient` and `futuresClient` send a function in its place. */
export type Remote<Options extends CallOptions> = Omit<Options, "signal"> & {
  /** Resolves when the caller aborts. */ readonly aborted?: (() => Promise<void>) | undefined;
};

/** Turns `aborted` into a signal on this side. A caller that is gone does not abort its call. */
export function local<O extends CallOptions>({ aborted, ...options }: Remote<O>): Omit<Remote<O>, "aborted"> & { signal?: AbortSignal } {
  if (!aborted) return options;
  const stopper = new AbortController();
  aborted().then(
    () => stopper.abort(),
    () => {},
  );
  return { ...options, signal: stopper.signal };
}

/** Refuses to work where errors keep only their message over RPC, because an unknown outcome and a rejection would look the same. */
export function checkErrorsSurvive(): void {
  const { Cloudflare } = globalThis as { Cloudflare?: { compatibilityFlags?: Record<string, boolean> } };
  if (Cloudflare?.compatibilityFlags?.enhanced_error_serialization === false)
    throw new InvalidRequestError(
      "Set compatibility_date to 2026-04-21 or later, or the flag enhanced_error_serialization. Errors lose their fields over RPC without it.",
    );
}
