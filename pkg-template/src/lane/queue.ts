/**
 * A place in a queue. The ESM and the CommonJS copy of this package share the queues of a process, so its shape is a protocol: change the
 * registry's name (in process.ts) with it. It has values only: in Workers no request may wait for another one's promise.
 */
export interface Ticket {
  readonly write: boolean;
  /** Its owner has the turn, and keeps it. */
  holds: boolean;
  /** Of its owner's last heartbeat: see {@link beat}. */
  era: number;
  /** When its owner last gave a sign of life, by the monotonic clock. */
  seen: number;
  /** Tells its owner that it has the turn. Absent where one request must not run another's code. */
  wake?: (() => void) | undefined;
}

export interface TurnOptions {
  /** Ends the wait. Whoever has the turn already keeps it. */
  readonly signal?: AbortSignal | undefined;
  /** Goes before all reads that wait, in the order of the writes. */
  readonly write?: boolean | undefined;
  /** A read that had its turn and gave it up for a write: goes before all reads. */
  readonly again?: boolean | undefined;
  /** Whether a request that is cancelled never resumes; by default what the runtime is known for. */
  readonly isolated?: boolean | undefined;
}

/** How often the owner of a ticket gives a sign of life, in milliseconds. */
const BEAT = 250;

/** An owner that has missed more heartbeats of the others than these is gone. */
const MISSED = 4;

/** For {@link isGone}, which cannot watch. In milliseconds. */
const SILENCE = 5000;

/** In Workers, and in edge functions built like them, a request that is cancelled never resumes, not even its `finally`. */
const requestsAreIsolated = (): boolean => "WebSocketPair" in globalThis || "EdgeRuntime" in globalThis;

/**
 * Runs `work` in turn: one at a time, writes before the reads that wait, in the order in which they came. Writes without an end hold reads off for
 * as long; Kraken's rate limits end them soon.
 *
 * Where requests are isolated, the owners of tickets show that they are alive, and whoever stops doing so is overtaken. Elsewhere nobody ever is:
 * the work's own time limit is what ends it.
 */
export async function takeTurn<T>(queue: Ticket[], work: () => Promise<T>, options: TurnOptions = {}): Promise<T> {
  const { signal, write = false, again = false, isolated = requestsAreIsolated() } = options;
  signal?.throwIfAborted();
  const ticket: Ticket = { write, holds: false, era: newestEra(queue), seen: performance.now() };
  join(queue, ticket, again);
  let abort = (): void => {};
  let stopBeating = (): void => {};
  try {
    await new Promise<void>((arrive, refuse) => {
      abort = () => refuse(signal!.reason);
      signal?.addEventListener("abort", abort);
      if (isolated) stopBeating = keepAsking(queue, ticket, arrive);
      else {
        ticket.wake = arrive;
        callNext(queue);
      }
    });
    signal?.throwIfAborted();
    return await work();
  } finally {
    stopBeating();
    signal?.removeEventListener("abort", abort);
    leave(queue, ticket);
    callNext(queue);
  }
}

/** {@link takeTurn} for a queue without writes. */
export const inTurn = <T>(queue: Ticket[], work: () => Promise<T>, signal?: AbortSignal): Promise<T> => takeTurn(queue, work, { signal });

/** Whether nobody waits for a turn, or has it, but owners that have been silent for seconds. */
export const isIdle = (queue: readonly Ticket[]): boolean => queue.every(isGone);

function isGone(ticket: Ticket): boolean {
  const now = performance.now();
  // The clock went back, as a Worker's can.
  if (ticket.seen > now) ticket.seen = now;
  return !ticket.wake && now - ticket.seen > SILENCE;
}

/** The queue is in order: who has the turn, then writes, then reads. */
function join(queue: Ticket[], ticket: Ticket, again: boolean): void {
  const read = queue.findIndex(({ holds, write }) => !holds && !write);
  if ((ticket.write || again) && read >= 0) queue.splice(read, 0, ticket);
  else queue.push(ticket);
}

function leave(queue: Ticket[], ticket: Ticket): void {
  const place = queue.indexOf(ticket);
  if (place >= 0) queue.splice(place, 1);
}

/** Gives the turn to the first, if nobody has it. */
function callNext(queue: readonly Ticket[]): void {
  const [next] = queue;
  if (!next?.wake || next.holds) return;
  next.holds = true;
  next.wake();
}

/** Looks again and again whether it is the ticket's turn, and beats until it is stopped, also while the ticket has the turn. */
function keepAsking(queue: Ticket[], ticket: Ticket, arrive: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let watched = 0;
  const ask = (delay: number): void => {
    timer = setTimeout(() => {
      watched += delay;
      look();
    }, delay);
  };
  const look = (): void => {
    ticket.seen = performance.now();
    if (watched >= BEAT) {
      beat(queue, ticket);
      watched = 0;
    }
    if (!ticket.holds) {
      dropTheGone(queue);
      // It was taken for gone itself.
      if (!queue.includes(ticket)) join(queue, ticket, false);
      if (queue[0] === ticket) {
        ticket.holds = true;
        arrive();
      }
    }
    // Timers are dear in Workers, and whoever is far behind has time.
    const place = queue.indexOf(ticket);
    ask(place > 0 ? Math.min(place * 10, BEAT) : BEAT);
  };
  look();
  return () => clearTimeout(timer);
}

/**
 * A sign of life. Nobody reads a clock for it: a Worker's stands still between I/O and can be set, and after a second of synchronous work every
 * ticket would look old. Instead owners count heartbeats. Whoever finds that no other has counted on since his own last heartbeat counts on; the
 * others follow. So the newest era rises once in a heartbeat, however many beat, and only while somebody does. A blocked event loop
 * holds up the heartbeats of all alike, and none is missed.
 */
function beat(queue: readonly Ticket[], ticket: Ticket): void {
  const newest = newestEra(queue);
  ticket.era = ticket.era === newest ? newest + 1 : newest;
}

const newestEra = (queue: readonly Ticket[]): number => queue.reduce((newest, { era }) => Math.max(newest, era), 0);

/** Takes those whose heartbeats have stopped off the head of the queue. */
function dropTheGone(queue: Ticket[]): void {
  const newest = newestEra(queue);
  while (queue[0] && newest - queue[0].era > MISSED) queue.shift();
}
