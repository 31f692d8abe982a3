/** Kraken's limit, per address: about 150 attempts to connect in any ten minutes, then a ban of ten minutes. */
const WINDOW = 600_000;

/** When attempts were made, or are to be made, by host. */
type Attempts = Map<string, number[]>;

/**
 * Books an attempt to connect to a host, and returns how many milliseconds from now it may be made.
 *
 * The limit is per address, so every socket of the process draws on one budget, whichever copy of this package it comes from. The list is
 * sorted, and of any `limit + 1` neighbors in it the first and the last are a window apart.
 */
export function book(host: string, limit: number): number {
  const name = Symbol.for("kraken-signer.attempts/1");
  const attempts = ((globalThis as { [name: symbol]: Attempts | undefined })[name] ??= new Map<string, number[]>());
  const now = Date.now();
  const times = (attempts.get(host) ?? []).filter((time) => time > now - WINDOW);
  attempts.set(host, times);
  const first = times[times.length - limit];
  // A clock that was set back must not make anybody wait for ever.
  const delay = first ? Math.min(first + WINDOW - now, WINDOW) : 0;
  times.push(now + delay);
  return delay;
}
