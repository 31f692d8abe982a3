import { ProcessLane } from "../lane/process.js";
import { runInLane } from "../lane/run.js";
import type { Outcome } from "./answer/outcome.js";
import type { LoadedCredential } from "./credentials.js";
import { type Counted, type LimitedCall, RateLimiter } from "./rate-limit.js";
import type { Limits } from "./rate-options.js";

/** A call, and what it needs to get a slot. */
export interface SlotCall extends LimitedCall {
  /** The credential that signs it; none for a public endpoint. */
  readonly credential: LoadedCredential | undefined;
  /** Kraken's rate limits for the key, if the client has the option. */
  readonly limits: Limits | undefined;
}

/** Returns what keeps a key below Kraken's rate limits, if the client has the option. */
export const limiterOf = ({ key, lane }: LoadedCredential, limits: Limits | undefined): RateLimiter | undefined =>
  limits && new RateLimiter(key, limits, lane.rates);

/**
 * Does the work when the lane gives a slot, with its nonce and a one-time password that was made just before. A call waits for the rate limit before it
 * asks for a slot, so that it holds up no other call, and is counted in the slot, just before its nonce is taken.
 *
 * @param outcomeOf - returns the outcome of the work, if an answer proved it
 */
export function inSlot<T>(
  slotCall: SlotCall,
  work: (nonce: string, otp: string | undefined) => Promise<T>,
  outcomeOf: () => Outcome | undefined = () => undefined,
): Promise<T> {
  const { call, timer, credential, limits } = slotCall;
  if (!credential) return timer.race(work("", undefined));
  const limiter = limiterOf(credential, limits);
  const { failures } = credential.secret;
  const attempt = (take?: () => Promise<Counted>): Promise<T> => {
    let otp: string | undefined;
    let counted: Counted | undefined;
    let isPrepared = credential.secret.isRead && !credential.otp && !take;
    // Before the nonce is taken, because reading a secret, making a code and counting in a store may take time.
    const prepare = async (): Promise<void> => {
      while (!credential.secret.isRead) await timer.race(credential.secret.read(failures));
      if (credential.otp) otp = await timer.race(credential.otp.make());
      counted = take && (await timer.race(take()));
      isPrepared = true;
    };
    const send = async (nonce: string): Promise<T> => {
      if (!isPrepared) await prepare();
      timer.signal.throwIfAborted();
      try {
        // The rejection of the call before, which this one may have overtaken since, wipes a secret that came from a function.
        while (!credential.secret.isRead) await timer.race(credential.secret.read(failures));
        return await timer.race(work(nonce, otp));
      } finally {
        if (counted) await counted.settle(outcomeOf());
      }
    };
    const options = { signal: timer.signal, write: call.write, prepare: isPrepared ? undefined : prepare };
    const { lane } = credential;
    // Only lanes of other makers need to be watched.
    return lane instanceof ProcessLane ? lane.run(send, options) : runInLane(lane, send, options);
  };
  return limiter ? limiter.run(slotCall, attempt) : attempt();
}
