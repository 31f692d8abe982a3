// A WebSocket of the world: messages keep their order, and connections break, also without a word.

const OPEN = 1;
const CLOSED = 3;

/** The class of WebSockets in a place. */
export const webSocketOf = (place) =>
  class WorldWebSocket {
    readyState = 0;
    #listeners = new Map();
    #process = place.process;
    #world = place.process.world;
    /** Messages of either direction arrive no earlier than this. */
    #there = 0;
    #back = 0;
    /** From then on nothing arrives any more. */
    #broken = Infinity;

    constructor(url) {
      this.url = url;
      const { random, traits } = this.#world;
      const { odds } = traits;
      const delay = random.spread(1, odds.latency);
      if (random.chance(odds.unconnected + odds.lostBefore / 2)) return this.#breakIn(delay, random.chance(0.3));
      this.#process.soon(() => {
        if (this.readyState !== 0) return;
        this.readyState = OPEN;
        this.#tell("open", {});
      }, delay);
      if (random.chance(odds.breaks)) this.#breakIn(delay + random.spread(1, 20_000), random.chance(0.3));
    }

    addEventListener(type, listener) {
      const listeners = this.#listeners.get(type) ?? new Set();
      this.#listeners.set(type, listeners.add(listener));
    }

    removeEventListener(type, listener) {
      this.#listeners.get(type)?.delete(listener);
    }

    send(text) {
      if (this.readyState !== OPEN) throw new Error("not open");
      const { time, random, traits, spot } = this.#world;
      const message = JSON.parse(text);
      this.#there = Math.max(this.#there, time.now + random.spread(0.5, traits.odds.latency));
      if (this.#there >= this.#broken) return;
      time.at(this.#there, undefined, () => {
        const answer = spot.message(message, time.now);
        if (this.#world.tracing) this.#world.trace(`  exchange: ${text} ⇒ ${JSON.stringify(answer)}`);
        this.#answer(answer);
      });
    }

    close() {
      if (this.readyState === CLOSED) return;
      this.readyState = CLOSED;
      this.#process.soon(() => this.#tell("close", { code: 1000 }), 1);
    }

    #answer(answer) {
      const { time, random, traits } = this.#world;
      this.#back = Math.max(this.#back, time.now + random.spread(0.5, traits.odds.latency));
      if (this.#back >= this.#broken) return;
      time.at(this.#back, this.#process, () => {
        if (this.readyState === OPEN) this.#tell("message", { data: JSON.stringify(answer) });
      });
    }

    #breakIn(delay, silently) {
      this.#broken = this.#world.time.now + delay;
      if (silently) return;
      this.#process.soon(() => {
        if (this.readyState === CLOSED) return;
        this.readyState = CLOSED;
        this.#tell("error", {});
        this.#tell("close", { code: 1006 });
      }, delay);
    }

    #tell(type, event) {
      for (const listener of [...(this.#listeners.get(type) ?? [])]) listener({ type, ...event });
    }
  };
