/**
 * An entry of a queue. The ESM and the CommonJS copy of this package share the queues of a process: if you change this type, change the registry's
 * name in process.ts too. Entries contain no promise, because in Workers a request must not await the promise of another one.
 */
export interface QueueEntry {
  readonly write: boolean;
  /** Whether the entry has the slot. It keeps it until its work ends. */
  hasSlot: boolean;
  /** The number of its last heartbeat: see {@link beat}. */
  heartbeat: number;
  /** The time of its last poll, by the monotonic clock. */
  seen: number;
  /** Tells the owner that it has the slot. Absent where a request must not run the code of another one. */
  wake?: (() => void) | undefined;
}

export interface SlotOptions {
  /** Ends the wait. It does not end work that has begun. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the work goes before all reads that wait. */
  readonly write?: boolean | undefined;
  /** Whether this is a read that gave its slot up for a write. It goes before all other reads. */
  readonly again?: boolean | undefined;
  /** Whether a canceled request never resumes; by default, this depends on the runtime. */
  readonly isolated?: boolean | undefined;
}

/** Milliseconds between two heartbeats of an entry. */
const HEARTBEAT = 250;

/** An entry that is more heartbeats than this behind the newest one is removed. */
const MOST_MISSED = 4;

/** Milliseconds without a poll after which an entry counts as silent. {@link isSilent} looks only once, and cannot count heartbeats. */
const SILENCE_LIMIT = 5000;

/** In Workers and similar edge functions, a canceled request never resumes; not even its `finally` block runs. */
export const requestsAreIsolated = (): boolean => "WebSocketPair" in globalThis || "EdgeRuntime" in globalThis;

/**
 * Runs `work` when it gets the slot of a queue. One entry has the slot at a time. Writes go before the reads that wait; each kind goes in the order
 * in which it came. An endless series of writes would block the reads, but Kraken's rate limits end it soon.
 *
 * Where requests are isolated, entries send heartbeats, and an entry whose heartbeats have stopped is removed. Elsewhere no entry is removed before
 * its work ends, and the timeout of the work ends it.
 */
export async function runInSlot<T>(queue: QueueEntry[], work: () => Promise<T>, options: SlotOptions = {}): Promise<T> {
  const { signal, write = false, again = false, isolated = requestsAreIsolated() } = options;
  signal?.throwIfAborted();
  const entry: QueueEntry = { write, hasSlot: false, heartbeat: newestHeartbeat(queue), seen: performance.now() };
  join(queue, entry, again);
  let enter = (): void => {};
  let stopWaiting = (): void => {};
  let stopPolling = (): void => {};
  try {
    if (isolated) stopPolling = poll(queue, entry, () => enter());
    else {
      entry.wake = () => enter();
      giveSlot(queue);
    }
    // Most entries find the queue empty, and have nothing to wait for. Even so, a caller that aborts before it does anything else ends the call in time.
    await (entry.hasSlot ||
      new Promise<void>((resolve, reject) => {
        enter = resolve;
        const abort = (): void => reject(signal!.reason);
        signal?.addEventListener("abort", abort);
        stopWaiting = () => signal?.removeEventListener("abort", abort);
      }));
    signal?.throwIfAborted();
    return await work();
  } finally {
    stopPolling();
    stopWaiting();
    leave(queue, entry);
    giveSlot(queue);
  }
}

/** Runs `work` in a queue that has no writes. See {@link runInSlot}. */
export const runInReadSlot = <T>(queue: QueueEntry[], work: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
  runInSlot(queue, work, { signal });

/** Whether no entry has the slot or waits for it, except entries that have been silent for seconds. */
export const isIdle = (queue: readonly QueueEntry[]): boolean => queue.every(isSilent);

function isSilent(entry: QueueEntry): boolean {
  const now = performance.now();
  // A Worker's clock can go back.
  if (entry.seen > now) entry.seen = now;
  return !entry.wake && now - entry.seen > SILENCE_LIMIT;
}

/** Adds an entry. The queue is sorted: the entry with the slot, then writes, then reads. */
function join(queue: QueueEntry[], entry: QueueEntry, again: boolean): void {
  const read = queue.findIndex(({ hasSlot, write }) => !hasSlot && !write);
  if ((entry.write || again) && read >= 0) queue.splice(read, 0, entry);
  else queue.push(entry);
}

function leave(queue: QueueEntry[], entry: QueueEntry): void {
  const place = queue.indexOf(entry);
  if (place >= 0) queue.splice(place, 1);
}

/** Gives the slot to the first entry, if it is free. */
function giveSlot(queue: readonly QueueEntry[]): void {
  const [next] = queue;
  if (!next?.wake || next.hasSlot) return;
  next.hasSlot = true;
  next.wake();
}

/** Polls until the entry has the slot, and sends heartbeats until it is stopped, also while the entry has the slot. */
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
      // It was removed itself, because its own heartbeats were late.
      if (!queue.includes(entry)) join(queue, entry, false);
      if (queue[0] === entry) {
        entry.hasSlot = true;
        enter();
      }
    }
    // Timers are expensive in Workers, so entries at the back of the queue poll less often.
    const place = queue.indexOf(entry);
    ask(place > 0 ? Math.min(place * 10, HEARTBEAT) : HEARTBEAT);
  };
  look();
  return () => clearTimeout(timer);
}

/**
 * Sends a heartbeat. It reads no clock, because a Worker's clock stands still between I/O, and because after a second of synchronous work every
 * entry would look old. Instead, entries number their heartbeats. An entry that has the newest number takes the next one; the others catch up with
 * the newest. So the newest number rises once per interval, however many entries there are, and only while at least one is alive. A blocked event
 * loop delays the heartbeats of all entries equally, so none counts as missed.
 */
function beat(queue: readonly QueueEntry[], entry: QueueEntry): void {
  const newest = newestHeartbeat(queue);
  entry.heartbeat = entry.heartbeat === newest ? newest + 1 : newest;
}

const newestHeartbeat = (queue: readonly QueueEntry[]): number => queue.reduce((newest, { heartbeat }) => Math.max(newest, heartbeat), 0);

/** Removes entries whose heartbeats have stopped from the head of the queue. */
function dropSilentEntries(queue: QueueEntry[]): void {
  const newest = newestHeartbeat(queue);
  while (queue[0] && newest - queue[0].heartbeat > MOST_MISSED) queue.shift();
}
