/** Ten minutes. Kraken bans an address for ten minutes after about 150 attempts to connect within ten minutes. */
const WINDOW = 600_000;

/** The times of past and planned attempts, by host, in milliseconds by the monotonic clock: the wall clock may be set. */
type Attempts = Map<string, number[]>;

/**
 * Reserves an attempt to connect to a host, and returns the milliseconds until it may be made.
 *
 * The limit is per IP address, so all sockets of the process share one budget, whichever copy of this package they come from. The list is sorted, and
 * the first and the last of any `limit + 1` neighbors are at least ten minutes apart.
 */
export function reserveAttempt(host: string, limit: number): number {
  const name = Symbol.for("kraken-signer.attempts/2");
  const attempts = ((globalThis as { [name: symbol]: Attempts | undefined })[name] ??= new Map<string, number[]>());
  const now = performance.now();
  const times = (attempts.get(host) ?? []).filter((time) => time > now - WINDOW);
  attempts.set(host, times);
  const first = times[times.length - limit];
  // Limited, because a Worker's clock can go back.
  const delay = first === undefined ? 0 : Math.min(first + WINDOW - now, WINDOW);
  times.push(now + delay);
  return delay;
}
