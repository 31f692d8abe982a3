// A transport that delays, loses, doubles, reorders, holds back, cuts, and answers as gateways do.
import { broken, gatewayAnswer, hollowAnswer, unconnected } from "./gateway.mjs";

/**
 * How often what goes wrong, as probabilities; `latency` is the longest way in milliseconds as a rule. With `sparesReads`, it goes wrong only
 * with what changes something.
 */
export const CALM = {
  latency: 200,
  double: 0,
  lostBefore: 0,
  lostAfter: 0,
  late: 0,
  unconnected: 0,
  hollow: 0,
  cut: 0,
  deaf: 0,
  sparesReads: false,
};

/** For how long a copy is held back, in milliseconds: often as long as it takes to look for it, and up to minutes. */
const held = (random) => (random.chance(0.5) ? random.spread(50, 3000) : random.spread(1000, 150_000));

/** What becomes of one request: when copies of it arrive, and how it ends for who sent it. */
function fateOf(random, odds) {
  const arrival = random.spread(1, odds.latency);
  const back = random.spread(1, odds.latency);
  if (random.chance(odds.unconnected)) return { arrivals: [], ending: "unconnected", end: arrival };
  const arrivals = random.chance(odds.lostBefore) ? [] : [random.chance(odds.late) ? arrival + held(random) : arrival];
  if (arrivals.length && random.chance(odds.double))
    arrivals.push(arrivals[0] + (random.chance(0.1) ? random.spread(100, 150_000) : random.spread(0.1, 300)));
  const isLost = !arrivals.length || arrivals[0] > odds.latency || random.chance(odds.lostAfter);
  if (isLost) return { arrivals, ending: random.pick(["silence", "broken", "broken", "gateway", "gateway"]), end: arrival + back };
  if (random.chance(odds.hollow)) return { arrivals, ending: "hollow", end: arrival + back };
  const answered = arrivals.length > 1 && arrivals[1] < 2000 && random.chance(0.5) ? 1 : 0;
  const ending = random.chance(odds.cut) ? "cut" : "answer";
  return { arrivals, ending, answered, end: arrivals[answered] + back };
}

class Headers {
  constructor(values) {
    this.values = values;
  }

  get(name) {
    return this.values[name.toLowerCase()] ?? null;
  }

  has(name) {
    return this.get(name) !== null;
  }
}

/** A `Response` whose body comes in chunks, and then ends, breaks off, or never does. */
class WorldResponse {
  redirected = false;
  type = "basic";

  constructor(flight, { status, headers, text }, cutAt) {
    this.flight = flight;
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.headers = new Headers(headers);
    const bytes = Buffer.from(text);
    const whole = cutAt === undefined ? bytes : bytes.subarray(0, Math.floor(bytes.length * cutAt));
    const middle = whole.length >> 1;
    this.chunks = [whole.subarray(0, middle), whole.subarray(middle)].filter((chunk) => chunk.length).map((chunk) => new Uint8Array(chunk));
    this.isCut = cutAt !== undefined;
  }

  get body() {
    return {
      getReader: () => ({
        read: () => this.#next(),
        cancel: async () => this.flight.land(),
        releaseLock() {},
      }),
      cancel: async () => this.flight.land(),
    };
  }

  async arrayBuffer() {
    const parts = [];
    for (;;) {
      const { done, value } = await this.#next();
      if (done) return new Uint8Array(Buffer.concat(parts)).buffer;
      parts.push(value);
    }
  }

  async text() {
    return Buffer.from(await this.arrayBuffer()).toString();
  }

  async json() {
    return JSON.parse(await this.text());
  }

  async #next() {
    const value = this.chunks.shift();
    if (value) return { done: false, value };
    // Some proxies end a body that broke off as if it were whole; others reset, or say nothing more.
    if (this.isCut && this.flight.random.chance(0.7)) return this.flight.breakOff();
    this.flight.land();
    return { done: true, value: undefined };
  }
}

/** One request from a process, until its answer has been read or nobody waits for it. */
class Flight {
  isUp = true;
  #listening;

  constructor(network, process, key, signal, isDeaf) {
    this.network = network;
    this.random = network.random;
    this.process = process;
    this.key = key;
    this.signal = signal;
    this.isDeaf = isDeaf;
    this.ended = new Promise((_, reject) => {
      this.#listening = () => {
        this.land();
        if (isDeaf) return;
        this.fail(signal.reason);
        reject(signal.reason);
      };
    });
    this.ended.catch(() => {});
    signal?.addEventListener("abort", this.#listening);
  }

  /** The answer has been read, or nobody waits for it any more. */
  land() {
    if (!this.isUp) return;
    this.isUp = false;
    this.signal?.removeEventListener("abort", this.#listening);
    this.network.landed(this);
  }

  async breakOff() {
    if (this.random.chance(0.5)) return this.ended;
    this.land();
    throw broken(this.random);
  }
}

/** The transport between processes and exchanges. */
export class Network {
  /** @param exchangeOf - the exchange for a host; @param watch - is told of departures and landings */
  constructor(time, random, odds, exchangeOf, watch) {
    this.time = time;
    this.random = random;
    this.odds = odds;
    this.exchangeOf = exchangeOf;
    this.watch = watch;
  }

  landed(flight) {
    this.watch.landed(flight);
  }

  /** The `fetch` of a process. */
  fetch(process, url, init = {}) {
    const { host, pathname, search } = new URL(url);
    const { method = "GET", headers = {}, body, signal } = init;
    const request = { method, path: pathname + search, headers, body };
    const key = headers["API-Key"] ?? headers.APIKey;
    const flight = new Flight(this, process, key, signal, this.random.chance(this.odds.deaf));
    const isSpared = this.odds.sparesReads && !/\bsim\b/.test(body ?? "");
    const fate = fateOf(this.random, isSpared ? { ...CALM, latency: this.odds.latency } : this.odds);
    this.watch.departed(flight, request, fate);
    return new Promise((resolve, reject) => {
      flight.fail = reject;
      if (signal?.aborted) {
        flight.land();
        return reject(signal.reason);
      }
      this.#deliver(host, request, fate, flight, resolve);
    });
  }

  #deliver(host, request, fate, flight, resolve) {
    const exchange = this.exchangeOf(host);
    fate.arrivals.forEach((delay, place) => {
      this.time.after(delay, undefined, () => {
        // Some runtimes take back what they had not written yet.
        if (!flight.isUp && place === 0 && flight.signal?.aborted && this.random.chance(0.3)) return;
        const answer = exchange.answer(request, this.time.now);
        this.watch.arrived(flight, request, answer);
        const isAnswered = place === fate.answered && /answer|cut/.test(fate.ending);
        if (isAnswered) this.#end(flight, fate, fate.end - delay, () => resolve(this.#response(flight, answer, fate)));
      });
    });
    if (fate.ending === "gateway")
      this.#end(flight, fate, fate.end, () => resolve(new WorldResponse(flight, gatewayAnswer(this.random, /futures/.test(host)))));
    if (fate.ending === "hollow") this.#end(flight, fate, fate.end, () => resolve(new WorldResponse(flight, hollowAnswer(this.random))));
    if (fate.ending === "broken") this.#end(flight, fate, fate.end, () => this.#fail(flight, broken(this.random)));
    if (fate.ending === "unconnected") this.#end(flight, fate, fate.end, () => this.#fail(flight, unconnected(this.random)));
  }

  #response(flight, answer, { ending }) {
    return new WorldResponse(flight, answer, ending === "cut" ? this.random.next() : undefined);
  }

  #fail(flight, error) {
    flight.land();
    flight.fail(error);
  }

  #end(flight, fate, delay, run) {
    flight.process.soon(() => {
      if (!flight.isUp) return;
      this.watch.answered(flight, fate);
      run();
    }, delay);
  }
}
