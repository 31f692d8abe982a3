import { InvalidNonceError, need } from "./errors.js";
import { nonceAfter, unitOf } from "./nonce.js";

/**
 * Puts the requests with one API key in order: one at a time, the next one only when the last one has been answered, each with a nonce above
 * all before it. Bring your own where several processes share a key; `send` must be called once, and its promise awaited. The number after
 * the nonce belongs to the same turn: a client asks Kraken about a refused one with it. So the next turn's nonce is higher by two or more.
 */
export interface Lane {
  run<T>(send: (nonce: string) => Promise<T>, options?: LaneOptions): Promise<T>;
  /** A nonce without a turn, where nobody has it now: for `signSync`. The number after it belongs to it, too. */
  next?(): string;
}

/** What a lane is told of a call. */
export interface LaneOptions {
  /** Aborts when nobody waits for the call any more. */
  readonly signal?: AbortSignal;
  /** It changes something: it goes before calls that wait and change nothing. */
  readonly write?: boolean;
  /** To be awaited when the turn has come and before the nonce is taken, if the lane can: it makes the one-time password. */
  readonly prepare?: () => Promise<void>;
}

/** A place in a queue. Two copies of this package (ESM and CommonJS) share queues, so its shape is a protocol: change the registry's name with it. */
export interface Ticket {
  /** When its owner last gave a sign of life. */
  seen: number;
  /** Tells the owner to look at the queue: absent where one request must not run another's code. */
  wake?: () => void;
}

interface KeyState {
  readonly queue: Ticket[];
  /** The highest number given out so far. */
  last: bigint;
  unit: string | undefined;
}

/** After this many milliseconds without a sign of life, the owner of a ticket is gone. */
const GONE = 1000;

/**
 * Runs `work` when all who came before are done. In Workers a request that is cancelled never resumes, not even its `finally`, and
 * no request may wait for another one's promise: so the queue holds values only, each owner keeps its own ticket fresh with its own
 * timer, and whoever stops doing so is overtaken.
 */
export async function inTurn<T>(queue: Ticket[], work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  const alone = "WebSocketPair" in globalThis || "EdgeRuntime" in globalThis;
  const ticket: Ticket = { seen: Date.now() };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leave!: () => void;
  try {
    await new Promise<void>((arrive, refuse) => {
      const look = (): void => {
        const now = Date.now();
        // Who slept himself is no judge of who is gone.
        const awake = now - ticket.seen < GONE / 2;
        ticket.seen = now;
        while (awake && queue[0] && now - queue[0].seen > GONE) queue.shift();
        if (!queue.includes(ticket)) queue.push(ticket);
        const place = queue.indexOf(ticket);
        if (!place) arrive();
        clearTimeout(timer);
        // Timers are dear in Workers, and who is far behind has time.
        timer = setTimeout(look, alone && place ? Math.min(place * 10, GONE / 4) : GONE / 4);
      };
      leave = () => refuse(signal!.reason);
      if (!alone) ticket.wake = look;
      signal?.addEventListener("abort", leave);
      look();
    });
    return await work();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
    const place = queue.indexOf(ticket);
    if (place >= 0) queue.splice(place, 1);
    queue[0]?.wake?.();
  }
}

/**
 * The lane of a key in this process, the same for every client, whichever copy of this package it comes from. Nonces come from `source`, or
 * from the clock in this unit, and lie above those of all other clients.
 */
export function laneOf(key: string, source: { next(): string } | undefined, unit: string | undefined): Lane {
  const name = Symbol.for("kraken-signer.lanes/1");
  const world = globalThis as { [name: symbol]: Map<string, KeyState> | undefined };
  // Not enumerable: it has API keys in it, and people print the global object.
  if (!world[name]) Object.defineProperty(world, name, { value: new Map() });
  const states = world[name]!;
  const state = states.get(key) ?? { queue: [], last: 0n, unit };
  const number = source ? 0 : unitOf(unit);
  states.set(key, state);
  state.unit ??= unit;
  if (unit && unit !== state.unit) throw new InvalidNonceError(`This key counts in ${state.unit}, not in ${unit}, for good.`);
  const take = (): string => {
    let nonce = BigInt(source ? source.next() : nonceAfter(state.last, number, Date.now()));
    if (nonce <= state.last) nonce = state.last + 1n;
    state.last = nonce + 1n;
    return `${nonce}`;
  };
  return {
    run: (send, options) =>
      inTurn(
        state.queue,
        async () => {
          await options?.prepare?.();
          return send(take());
        },
        options?.signal,
      ),
    next: () => {
      // Only in Workers, where nobody wakes another, can a ticket be of one who is gone.
      need(
        state.queue.every(({ seen, wake }) => !wake && Date.now() - seen > GONE),
        "A request is on its way: use sign().",
      );
      return take();
    },
  };
}
