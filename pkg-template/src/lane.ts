import { InvalidNonceError } from "./errors.js";

/**
 * Puts the requests with one API key in order: one at a time, the next one only when the last one has been answered, each with a nonce above
 * all before it. Bring your own where several processes share a key; `send` must be called once, and its promise awaited. The number after
 * the nonce belongs to the same turn: a client asks Kraken about a refused one with it. So the next turn's nonce is higher by two or more.
 */
export interface Lane {
  run<T>(send: (nonce: string) => Promise<T>, options?: { signal?: AbortSignal }): Promise<T>;
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
  last: string;
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
  queue.push(ticket);
  let waiting = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let arrive!: () => void;
  let refuse!: (reason: unknown) => void;
  const turn = new Promise<void>((resolve, reject) => {
    arrive = resolve;
    refuse = reject;
  });
  const look = (): void => {
    const now = Date.now();
    // Who slept himself is no judge of who is gone.
    const awake = now - ticket.seen < GONE / 2;
    ticket.seen = now;
    let place = 0;
    if (waiting) {
      while (awake && queue[0] && now - queue[0].seen > GONE) queue.shift();
      if (!queue.includes(ticket)) queue.push(ticket);
      place = queue.indexOf(ticket);
      if (!place) arrive();
    }
    clearTimeout(timer);
    // Timers are dear in Workers, and who is far behind has time.
    timer = setTimeout(look, Math.min((alone && place * 10) || GONE, GONE / 4));
  };
  const leave = (): void => refuse(signal!.reason);
  if (!alone) ticket.wake = look;
  signal?.addEventListener("abort", leave);
  try {
    look();
    await turn;
    waiting = false;
    return await work();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
    const place = queue.indexOf(ticket);
    if (place >= 0) queue.splice(place, 1);
    queue[0]?.wake?.();
  }
}

/** The state of a key, the same for every client in the process, whichever copy of this package it comes from. */
function stateOf(key: string): KeyState {
  const name = Symbol.for("kraken-signer.lanes/1");
  const world = globalThis as { [name: symbol]: Map<string, KeyState> | undefined };
  if (!world[name]) Object.defineProperty(world, name, { value: new Map() });
  const states = world[name]!;
  let state = states.get(key);
  if (!state) states.set(key, (state = { queue: [], last: "0", unit: undefined }));
  return state;
}

/** The lane of a key in this process. Nonces come from `source`, and lie above those of every other client with that key. */
export function laneOf(key: string, source: { next(): string }, unit: string | undefined): Lane {
  const state = stateOf(key);
  if (unit && state.unit && unit !== state.unit)
    throw new InvalidNonceError(
      `Another client here uses this key with nonces in ${state.unit}, this one would in ${unit}: a key has one unit, for good.`,
    );
  state.unit ??= unit;
  return {
    run: (send, options) =>
      inTurn(
        state.queue,
        async () => {
          let nonce = source.next();
          if (BigInt(nonce) <= BigInt(state.last)) nonce = `${BigInt(state.last) + 1n}`;
          state.last = `${BigInt(nonce) + 1n}`;
          return send(nonce);
        },
        options?.signal,
      ),
  };
}
