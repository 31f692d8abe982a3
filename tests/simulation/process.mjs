// A process: its clocks, its timers and its globals.
import { createHash } from "node:crypto";

/** When worlds begin, in milliseconds since 1970. */
export const BEGINNING = Date.UTC(2026, 10, 28, 12);

/** Globals of the machine's own runtime that would let the real world in, or say that this is a browser or a Worker. */
const HIDDEN = new Set([
  "WebSocketPair",
  "EdgeRuntime",
  "document",
  "navigator",
  "WebSocket",
  "fetch",
  "crypto",
  "performance",
  "Deno",
  "Bun",
]);

/** One process. */
export class Process {
  dead = false;
  /** Its event loop stands still until then. */
  busyUntil = 0;
  /** Timers that have neither fired nor been cleared. */
  timers = new Set();
  /** Its global object: what the package registers there dies with it. */
  globals = {};
  /** What the wall clock said when a request with a nonce first left, less the uptime. */
  believed;
  /** The most that it said until then. */
  mostBelieved;
  #time;
  #random;
  /** When it began, by its monotonic clock. */
  #born;
  #offset;
  #frozen;
  #lateness;

  constructor(name, time, random, { offset = 0, lateness = 0, isolated = false } = {}) {
    this.name = name;
    this.#time = time;
    this.#random = random;
    this.#born = time.now;
    this.#offset = offset;
    this.#lateness = lateness;
    this.mostBelieved = this.wall();
    // The mark of a runtime in which requests are isolated from each other.
    if (isolated) this.globals.WebSocketPair = class {};
  }

  /** The wall clock. */
  wall() {
    return this.#frozen ?? Math.floor(BEGINNING + this.#time.now + this.#offset);
  }

  /** The monotonic clock. */
  uptime() {
    return this.#time.now - this.#born;
  }

  /** Sets the wall clock. */
  shiftClock(milliseconds) {
    this.#frozen = undefined;
    this.#offset += milliseconds;
    if (this.believed === undefined) this.mostBelieved = Math.max(this.mostBelieved, this.wall() - this.uptime());
  }

  /** Its machine is suspended: until it goes on, both clocks stand still, and so do timers. Nothing sets the wall clock afterwards. */
  suspend(milliseconds) {
    this.#born += milliseconds;
    this.#offset -= milliseconds;
    this.busyUntil = Math.max(this.busyUntil, this.#time.now) + milliseconds;
    for (const timer of this.timers) (timer.event ?? timer).postponed += milliseconds;
  }

  freezeClock() {
    this.#frozen = this.wall();
  }

  thawClock() {
    this.#frozen = undefined;
  }

  random() {
    return this.#random.next();
  }

  uuid() {
    return this.#random.uuid();
  }

  /** Lets a function run on its event loop. */
  soon(run, delay = 0) {
    return this.#time.after(delay, this, run);
  }

  setTimeout(run, delay, ...rest) {
    const wait = Math.max(Number(delay) || 0, 1);
    if (wait > 2 ** 31 - 1) throw new RangeError(`a timer of ${delay} ms`);
    const timer = this.soon(() => {
      this.timers.delete(timer);
      run(...rest);
    }, wait + this.#late());
    this.timers.add(timer);
    return timer;
  }

  setInterval(run, delay, ...rest) {
    const handle = { canceled: false };
    const again = () => {
      handle.event = this.soon(
        () => {
          if (handle.canceled) return;
          again();
          run(...rest);
        },
        Math.max(delay, 1) + this.#late(),
      );
    };
    again();
    this.timers.add(handle);
    return handle;
  }

  clear(timer) {
    if (!timer) return;
    timer.canceled = true;
    if (timer.event) timer.event.canceled = true;
    this.timers.delete(timer);
  }

  /** Ends it: nothing of it ever runs again. */
  die() {
    this.dead = true;
    this.timers.clear();
  }

  #late() {
    return this.#lateness ? this.#random.next() * this.#lateness : 0;
  }
}

/** `Date`, by the clock of the process in a place. */
const dateOf = (place) =>
  class VirtualDate extends Date {
    constructor(...values) {
      super(...(values.length ? values : [place.process.wall()]));
    }

    static now() {
      return place.process.wall();
    }
  };

/** `AbortSignal`, whose timeout keeps virtual time. */
const abortSignalOf = (place) =>
  class VirtualAbortSignal extends AbortSignal {
    static timeout(milliseconds) {
      const controller = new AbortController();
      place.process.setTimeout(() => controller.abort(new DOMException("The operation timed out.", "TimeoutError")), milliseconds);
      return controller.signal;
    }

    static any(signals) {
      return AbortSignal.any(signals);
    }

    static abort(reason) {
      return AbortSignal.abort(reason);
    }

    static [Symbol.hasInstance](value) {
      return value instanceof AbortSignal;
    }
  };

/** `Blob`, without the detour that Node's takes through the event loop. */
class MemoryBlob {
  #buffer;

  constructor(parts) {
    this.#buffer = Buffer.concat(parts);
  }

  async arrayBuffer() {
    const { buffer, byteOffset, byteLength } = this.#buffer;
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }

  async text() {
    return this.#buffer.toString();
  }
}

/** `crypto.subtle.digest`, without the detour that Node's takes through another thread. */
const digest = async (algorithm, bytes) => new Uint8Array(createHash(algorithm.replace("-", "")).update(bytes).digest()).buffer;

/** What the process in a place has registered. The package is loaded before the first one begins. */
const ownOf = (place) => place.process?.globals ?? {};

/** The global object of the process in a place. */
const globalsOf = (place, runtime) =>
  new Proxy(
    {},
    {
      has: (_, name) => name in ownOf(place) || (!HIDDEN.has(name) && name in globalThis),
      get(_, name) {
        const globals = ownOf(place);
        if (name in globals) return globals[name];
        return name in runtime ? runtime[name] : HIDDEN.has(name) ? undefined : globalThis[name];
      },
      set(_, name, value) {
        place.process.globals[name] = value;
        return true;
      },
      defineProperty(_, name, { value }) {
        place.process.globals[name] = value;
        return true;
      },
      deleteProperty: (_, name) => delete place.process.globals[name],
    },
  );

/** What the package finds in the process of a place, instead of what this one has. */
function runtimeOf(place, WebSocket) {
  const runtime = {
    setTimeout: (...all) => place.process.setTimeout(...all),
    setInterval: (...all) => place.process.setInterval(...all),
    setImmediate: (run, ...rest) => place.process.setTimeout(run, 0, ...rest),
    clearTimeout: (timer) => place.process.clear(timer),
    clearInterval: (timer) => place.process.clear(timer),
    queueMicrotask: (run) => globalThis.queueMicrotask(run),
    Date: dateOf(place),
    performance: { now: () => place.process.uptime() },
    Math: Object.create(Math, { random: { value: () => place.process.random() } }),
    crypto: { randomUUID: () => place.process.uuid(), subtle: { digest } },
    fetch: (...all) => place.process.fetch(...all),
    AbortSignal: abortSignalOf(place),
    Blob: MemoryBlob,
    WebAssembly,
    WebSocket,
    navigator: undefined,
  };
  runtime.globalThis = globalsOf(place, runtime);
  return runtime;
}

/**
 * Where one process lives after the other, with the same copies of the package: to load it anew for each would take longer than all else, since
 * code is slow until it has run for a while. What a copy remembers is renewed with each process.
 */
export class Place {
  /** @type {Process} */
  #process;
  #copies;

  /** @param webSocketOf - makes the class of WebSockets for this place */
  constructor(pkg, webSocketOf) {
    const runtime = runtimeOf(this, webSocketOf(this));
    this.#copies = ["esm", "cjs"].map((format) => pkg.instantiate(format, runtime));
  }

  get process() {
    return this.#process;
  }

  /** A process begins. Whatever lived here before is dead. */
  begin(process) {
    this.#process = process;
    for (const copy of this.#copies) copy.renew();
  }

  /** The copies of the package, of which one program may have both: as ES modules, and as CommonJS. */
  get copies() {
    return this.#copies.map(({ exports }) => exports);
  }
}
