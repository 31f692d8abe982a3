// A Durable Object that owns the key of a world, its disk, the platform that starts and ends it, and the RPC by which callers reach it.
import { Process } from "./process.mjs";
import { ANY } from "./time.mjs";

/** How often what goes wrong between callers and the object, as probabilities; `latency` is the longest way in milliseconds. */
export const CALM_OBJECT = { latency: 30, lostBefore: 0, lostAfter: 0, disk: 0, options: 0, optionsTake: 0 };

/** Milliseconds after which a caller knows at the latest that the connection broke. */
export const LONGEST_NOTICE = 5000;

/** The connection to an object broke. */
const disconnected = (words) => Object.assign(new Error(words), { remote: true });

/** An error as it comes out at the other end: what its class was is lost, its fields are not. */
function clonedError(error) {
  const { cause: _, ...fields } = error;
  const clone = new Error(error.message);
  Object.defineProperty(clone, "name", { value: error.name, configurable: true, writable: true });
  Object.assign(clone, structuredClone(fields), { remote: true });
  if (error.cause !== undefined) clone.cause = error.cause instanceof Error ? clonedError(error.cause) : error.cause;
  return clone;
}

/**
 * A value on its way, as the process at which it arrives gets it: plain ones are copied, and a function among options becomes one that is called across
 * the same connection, the other way.
 */
function passed(value, caller, way) {
  if (typeof value !== "object" || value === null) return () => value;
  const { aborted, ...plain } = value;
  const copy = structuredClone(plain);
  if (!aborted) return () => copy;
  return (process) => {
    const called = () =>
      new Promise((resolve) => {
        caller.soon(() => aborted().then(() => process.soon(resolve, way())), way());
      });
    return { ...copy, aborted: Object.assign(called, { [Symbol.dispose ?? "dispose"]() {} }) };
  };
}

/** The disk that the instances of an object share. Only the newest may use it. */
class Disk {
  #values = new Map();
  #owner;

  handOver(instance) {
    this.#owner = instance;
  }

  /** The storage of one instance. What it has put is safe once it has been synced; before, it may be lost or not. */
  storageOf(instance, random, odds) {
    const unsafe = new Map();
    const wait = () =>
      new Promise((resolve, reject) => {
        instance.process.soon(
          () => {
            if (this.#owner !== instance || random.chance(odds.disk)) reject(new Error("the disk failed"));
            else resolve();
          },
          random.spread(0.2, 20),
        );
      });
    const keep = () => unsafe.forEach((value, name) => this.#values.set(name, value));
    return {
      get: async (name) => {
        await wait();
        return unsafe.has(name) ? unsafe.get(name) : this.#values.get(name);
      },
      put: async (name, value) => {
        unsafe.set(name, value);
        await undefined;
      },
      sync: async () => {
        // Written, and the answer is lost.
        if (this.#owner === instance && random.chance(odds.disk)) keep();
        await wait();
        keep();
      },
    };
  }
}

/** One life of the object. */
class Instance {
  /** Callers that wait for an answer: each is told when it ends. */
  waiting = new Set();

  constructor(process, place) {
    this.process = process;
    this.place = place;
  }
}

/** A key that one object owns. */
export class KeyObject {
  #world;
  #key;
  #places;
  #odds;
  #disk = new Disk();
  #started = 0;
  /** The one that gets the calls, unless it has ended. */
  #instance;
  /** All that run, of which some do not know yet that another one took their place. */
  #living = new Set();

  /** @param places - two of them, because an instance that was superseded may still run beside the one that superseded it */
  constructor(world, key, places) {
    this.#world = world;
    this.#key = key;
    this.#places = places;
    this.#odds = world.traits.object;
  }

  /** What a caller has of the object. */
  stubOf(caller) {
    const invoke =
      (method) =>
      (...all) =>
        this.#invoke(caller, method, all);
    return Object.fromEntries(["call", "request", "check", "get", "post", "put", "delete"].map((method) => [method, invoke(method)]));
  }

  /** The platform ends the object, as it does when it is deployed anew or has used too much memory. The next call starts it again. */
  end() {
    if (this.#instance) this.#kill(this.#instance);
    this.#instance = undefined;
  }

  /** The platform starts it elsewhere, because it takes it for dead. It is not, and goes on for a while. */
  supersede() {
    const old = this.#instance;
    if (!old || this.#started > 1) return;
    this.#instance = undefined;
    this.#current();
    this.#world.time.after(this.#world.random.spread(10, 20_000), undefined, () => this.#kill(old));
  }

  /** Timers that were left, where nothing is under way any more. */
  get timersLeft() {
    return [...this.#living].reduce((sum, { process, waiting }) => sum + (waiting.size ? 0 : process.timers.size), 0);
  }

  /** The world is over. */
  close() {
    for (const { process } of this.#living) process.die();
  }

  #kill(instance) {
    if (!this.#living.delete(instance)) return;
    this.#world.trace(`${instance.process.name} ends`);
    instance.process.die();
    for (const fail of instance.waiting) fail(disconnected("The Durable Object was reset."));
  }

  #current() {
    return (this.#instance ??= this.#start());
  }

  #start() {
    const { random, time, traits, network } = this.#world;
    const number = this.#started++;
    const place = this.#places[number % 2];
    for (const old of this.#living) if (old.place === place) this.#kill(old);
    const offset = traits.clock + (number && random.pick([0, random.between(-3000, 3000), traits.kind === "clocks" ? 3_600_000 : 0]));
    const process = new Process(`O${number + 1}`, time, random, { offset, lateness: traits.lateness });
    process.world = this.#world;
    process.fetch = (url, init) => network.fetch(process, url, init);
    process.instance = number;
    place.begin(process);
    const instance = new Instance(process, place);
    this.#living.add(instance);
    this.#disk.handOver(instance);
    const [copy] = place.copies;
    const Key = this.#key.product === "futures" ? copy.KrakenFuturesKey : copy.KrakenKey;
    const state = { id: { name: "trading" }, storage: this.#disk.storageOf(instance, random, this.#odds) };
    instance.object = new Key(state, {}, () => this.#optionsOf(process, copy));
    this.#world.trace(`${process.name} begins`);
    return instance;
  }

  /** The options, which may come from elsewhere, or not. */
  async #optionsOf(process, copy) {
    const { random } = this.#world;
    const { name, secret, otp, unit } = this.#key;
    if (this.#odds.optionsTake) await new Promise((resolve) => process.soon(resolve, random.spread(1, this.#odds.optionsTake)));
    if (random.chance(this.#odds.options)) throw new Error("the secret manager failed");
    return {
      ...this.#world.settingsOf(process),
      key: name,
      secret,
      nonce: { unit },
      ...(otp && { otp: this.#world.codesOf(process, copy) }),
    };
  }

  #invoke(caller, method, all) {
    const { random, time } = this.#world;
    const way = () => random.spread(0.2, this.#odds.latency);
    const given = all.map((value) => passed(value, caller, way));
    return new Promise((resolve, reject) => {
      const back = (run) => caller.soon(run, way());
      if (random.chance(this.#odds.lostBefore)) return back(() => reject(disconnected("Network connection lost.")));
      const isLost = random.chance(this.#odds.lostAfter);
      if (isLost) caller.soon(() => reject(disconnected("Network connection lost.")), random.between(1, LONGEST_NOTICE));
      time.after(way(), ANY, () => this.#arrive(method, given, isLost ? () => {} : back, resolve, reject));
    });
  }

  #arrive(method, given, back, resolve, reject) {
    const instance = this.#current();
    const { process, object, waiting } = instance;
    const fail = (error) => back(() => reject(error));
    waiting.add(fail);
    const run = () => {
      const params = method === "check" || method === "request" ? undefined : given[1](process);
      this.#world.calls(process, { writingKey: this.#key.name }, params);
      object[method](...given.map((arrived) => arrived(process)))
        .then(
          (result) => back(() => resolve(structuredClone(result))),
          (error) => fail(clonedError(error)),
        )
        .then(() => {
          waiting.delete(fail);
          this.#world.settledAt(params);
        });
    };
    process.soon(run);
  }
}
