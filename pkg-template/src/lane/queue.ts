/**
 * A place in a queue. The ESM and the CommonJS copy of this package share the queues of a process, so its shape is a protocol: change the
 * registry's name (in process.ts) with it. It has values only: in Workers no request may wait for another one's promise.
 */
export interface QueueEntry {
  readonly write: boolean;
  /** Its owner has the turn, and keeps it. */
  hasSlot: boolean;
  /** Of its owner's last heartbeat: see {@link beat}. */
  heartbeat: number;
  /** When its owner last gave a sign of life, by the monotonic clock. */
  seen: number;
  /** Tells its owner that it has the turn. Absent where one request must not run another's code. */
  wake?: (() => void) | undefined;
}

export interface SlotOptions {
  /** Ends the wait. Whoever has the turn already keeps it. */
  readonly signal?: AbortSignal | undefined;
  /** Goes before all reads that wait, in the order of the writes. */
  readonly write?: boolean | undefined;
  /** A read that had its turn and gave it up for a write: goes before all reads. */
  readonly again?: boolean | undefined;
  /** Whether a request that is canceled never resumes; by default what the runtime is known for. */
  readonly isolated?: boolean | undefined;
}

/** How often the owner of a entry gives a sign of life, in milliseconds. */
const HEARTBEAT = 250;

/** An owner that has missed more heartbeats of the others than these is gone. */
const MOST_MISSED = 4;

/** For {@link isSilent}, which cannot watch. In milliseconds. */
const SILENCE_LIMIT = 5000;

/** In Workers, and in edge functions built like them, a request that is canceled never resumes, not even its `finally`. */
const requestsAreIsolated = (): boolean => "WebSocketPair" in globalThis || "EdgeRuntime" in globalThis;

/**
 * Runs `work` in turn: one at a time, writes before the reads that wait, in the order in which they came. Writes without an end hold reads off for
 * as long; Kraken's rate limits end them soon.
 *
 * Where requests are isolated, the owners of tickets show that they are alive, and whoever stops doing so is overtaken. Elsewhere nobody ever is:
 * the work's own time limit is what ends it.
 */
export async function runInSlot<T>(queue: QueueEntry[], work: () => Promise<T>, options: SlotOptions = {}): Promise<T> {
  const { signal, write = false, again = false, isolated = requestsAreIsolated() } = options;
  signal?.throwIfAborted();
  const entry: QueueEntry = { write, hasSlot: false, heartbeat: newestHeartbeat(queue), seen: performance.now() };
  join(queue, entry, again);
  let abort = (): void => {};
  let stopPolling = (): void => {};
  try {
    await new Promise<void>((enter, refuse) => {
      abort = () => refuse(signal!.reason);
      signal?.addEventListener("abort", abort);
      if (isolated) stopPolling = poll(queue, entry, enter);
      else {
        entry.wake = enter;
        giveSlot(queue);
      }
    });
    signal?.throwIfAborted();
    return await work();
  } finally {
    stopPolling();
    signal?.removeEventListener("abort", abort);
    leave(queue, entry);
    giveSlot(queue);
  }
}

/** {@link runInSlot} for a queue without writes. */
export const runInReadSlot = <T>(queue: QueueEntry[], work: () => Promise<T>, signal?: AbortSignal): Promise<T> => runInSlot(queue, work, { signal });

/** Whether nobody waits for a turn, or has it, but owners that have been silent for seconds. */
export const isIdle = (queue: readonly QueueEntry[]): boolean => queue.every(isSilent);

function isSilent(entry: QueueEntry): boolean {
  const now = performance.now();
  // The clock went back, as a Worker's can.
  if (entry.seen > now) entry.seen = now;
  return !entry.wake && now - entry.seen > SILENCE_LIMIT;
}

/** The queue is in order: who has the turn, then writes, then reads. */
function join(queue: QueueEntry[], entry: QueueEntry, again: boolean): void {
  const read = queue.findIndex(({ hasSlot, write }) => !hasSlot && !write);
  if ((entry.write || again) && read >= 0) queue.splice(read, 0, entry);
  else queue.push(entry);
}

function leave(queue: QueueEntry[], entry: QueueEntry): void {
  const place = queue.indexOf(entry);
  if (place >= 0) queue.splice(place, 1);
}

/** Gives the turn to the first, if nobody has it. */
function giveSlot(queue: readonly QueueEntry[]): void {
  const [next] = queue;
  if (!next?.wake || next.hasSlot) return;
  next.hasSlot = true;
  next.wake();
}

/** Looks again and again whether it is the entry's turn, and beats until it is stopped, also while the entry has the turn. */
function poll(queue: QueueEntry[], entry: QueueEntry, enter: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let watched = 0;
  const ask = (delay: number): void => {
    timer = setTimeout(() => {
      watched += delay;
      look();
    }, delay);
  };
  const look = (): void => {
    entry.seen = performance.now();
    if (watched >= HEARTBEAT) {
      beat(queue, entry);
      watched = 0;
    }
    if (!entry.hasSlot) {
      dropSilentEntries(queue);
      // It was taken for gone itself.
      if (!queue.includes(entry)) join(queue, entry, false);
      if (queue[0] === entry) {
        entry.hasSlot = true;
        enter();
      }
    }
    // Timers are dear in Workers, and whoever is far behind has time.
    const place = queue.indexOf(entry);
    ask(place > 0 ? Math.min(place * 10, HEARTBEAT) : HEARTBEAT);
  };
  look();
  return () => clearTimeout(timer);
}

/**
 * A sign of life. Nobody reads a clock for it: a Worker's stands still between I/O and can be set, and after a second of synchronous work every
 * entry would look old. Instead owners count heartbeats. Whoever finds that no other has counted on since his own last heartbeat counts on; the
 * others follow. So the newest heartbeat rises once in a heartbeat, however many beat, and only while somebody does. A blocked event loop
 * hasSlot up the heartbeats of all alike, and none is missed.
 */
function beat(queue: readonly QueueEntry[], entry: QueueEntry): void {
  const newest = newestHeartbeat(queue);
  entry.heartbeat = entry.heartbeat === newest ? newest + 1 : newest;
}

const newestHeartbeat = (queue: readonly QueueEntry[]): number => queue.reduce((newest, { heartbeat }) => Math.max(newest, heartbeat), 0);

/** Takes those whose heartbeats have stopped off the head of the queue. */
function dropSilentEntries(queue: QueueEntry[]): void {
  const newest = newestHeartbeat(queue);
  while (queue[0] && newest - queue[0].heartbeat > MOST_MISSED) queue.shift();
}
