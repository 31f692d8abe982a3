// A Redis that processes share: its data, its clock, restarts that lose data, and connections that fail.
import { createHash } from "node:crypto";
import { compileScript } from "./lua.mjs";
import { BEGINNING } from "./process.mjs";

/** How often what goes wrong between a process and Redis, as probabilities; `latency` is the longest way in milliseconds. */
export const CALM_REDIS = { latency: 5, lostBefore: 0, lostAfter: 0, late: 0, double: 0 };

/** Scripts, which are the same in all worlds, by their source. */
const scripts = new Map();

function scriptOf(source) {
  const sha1 = createHash("sha1").update(source).digest("hex");
  if (!scripts.has(source)) scripts.set(source, { sha1, run: compileScript(source) });
  return scripts.get(source);
}

const failed = (message, code) => Object.assign(new Error(message), { code });

/** Members by score, and by name where scores are equal. */
const sorted = (set) => [...set].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));

const bound = (text) => (text === "-inf" ? -Infinity : text === "+inf" ? Infinity : Number(text));

/** The values of the keys, and the commands that the package's scripts use. */
export class Data {
  #values = new Map();

  /** A copy of all that is there. */
  save() {
    return structuredClone(this.#values);
  }

  restore(values) {
    this.#values = structuredClone(values);
  }

  /** The names of all that is not empty. */
  get names() {
    return [...this.#values].filter(([, { size }]) => size > 0).map(([name]) => name);
  }

  /** The fields of a hash, or the members of a sorted set. */
  at(name) {
    const value = this.#values.get(name) ?? new Map();
    this.#values.set(name, value);
    return value;
  }

  HGET = (name, field) => this.at(name).get(field) ?? null;
  HSET = (name, ...pairs) => {
    for (let place = 0; place < pairs.length; place += 2) this.at(name).set(pairs[place], pairs[place + 1]);
    return pairs.length / 2;
  };
  HSETNX = (name, field, value) => (this.at(name).has(field) ? 0 : this.HSET(name, field, value));
  HDEL = (name, field) => Number(this.at(name).delete(field));
  /** Scripts read the sums of nonces with HGET, because a number in Lua could not have all their digits. */
  HINCRBY = (name, field, by) => {
    const sum = BigInt(this.at(name).get(field) ?? 0) + BigInt(by);
    this.at(name).set(field, `${sum}`);
    return sum < 2n ** 31n ? Number(sum) : 0;
  };
  ZADD = (name, score, member) => {
    const isNew = !this.at(name).has(member);
    this.at(name).set(member, Number(score));
    return Number(isNew);
  };
  ZREM = (name, member) => Number(this.at(name).delete(member));
  ZSCORE = (name, member) => this.at(name).get(member)?.toString() ?? null;
  ZRANK = (name, member) => {
    const rank = sorted(this.at(name)).findIndex(([one]) => one === member);
    return rank < 0 ? null : rank;
  };
  ZRANGE = (name, first, last) => {
    const members = sorted(this.at(name)).map(([member]) => member);
    return members.slice(Number(first), last === "-1" ? undefined : Number(last) + 1);
  };
  ZRANGEBYSCORE = (name, low, high) =>
    sorted(this.at(name))
      .filter(([, score]) => score >= bound(low) && score <= bound(high))
      .flatMap(([member, score]) => [member, `${score}`]);
  ZREMRANGEBYSCORE = (name, low, high) => {
    const gone = [...this.at(name)].filter(([, score]) => score >= bound(low) && score <= bound(high));
    for (const [member] of gone) this.at(name).delete(member);
    return gone.length;
  };
  /** No world lasts so long. */
  PEXPIRE = () => 1;
}

/** The server and the ways to it. */
export class Redis {
  data = new Data();
  #world;
  #odds;
  /** The scripts that it has seen, by their SHA-1. */
  #known = new Map();
  #offset;
  #downUntil = 0;
  #saved;
  /** By entry in a queue: the process that made it. */
  #owners = new Map();

  constructor(world) {
    this.#world = world;
    this.#odds = world.traits.redis;
    this.#offset = this.#odds.clock;
  }

  /** The client of a process, as the package `ioredis` has it. */
  clientOf(process) {
    return {
      evalsha: (sha1, count, ...rest) => this.#ask(process, () => this.#run(process, this.#known.get(sha1), count, rest)),
      eval: (source, count, ...rest) => this.#ask(process, () => this.#run(process, this.#learn(source), count, rest)),
    };
  }

  /** The process that has the slot of a key. */
  holderOf(key) {
    const name = `kraken-signer:{${createHash("sha256").update(key).digest("hex").slice(0, 32)}}:state`;
    return this.#owners.get(this.data.at(name).get("holder"));
  }

  /** Entries of queues that nothing removed: a process that ended leaves its own. */
  get left() {
    if (this.#world.counts.deaths) return [];
    const { data } = this;
    const queues = data.names.filter((name) => name.endsWith(":queue")).flatMap((name) => [...data.at(name).keys()]);
    const states = data.names.filter((name) => name.endsWith(":state")).flatMap((name) => [...data.at(name).keys()]);
    return [...queues, ...states.filter((field) => !/^(highest|unit|entries|counted|rate:.*)$/.test(field))];
  }

  shiftClock(milliseconds) {
    this.#offset += milliseconds;
  }

  /** What is on its disk from now on, until it is saved again. */
  save() {
    this.#saved = this.data.save();
  }

  /** It ends and comes back after a while, with what was last saved, and without scripts. */
  restart(down) {
    this.data.restore(this.#saved ?? new Map());
    this.#known.clear();
    this.#downUntil = this.#world.time.now + down;
  }

  #learn(source) {
    const script = scriptOf(source);
    this.#known.set(script.sha1, script);
    return script;
  }

  #run(process, script, count, rest) {
    this.#owners.set(rest[count], process);
    if (!script) throw new Error("NOSCRIPT No matching script. Please use EVAL.");
    return script.run(rest.slice(0, count), rest.slice(count), (name, ...all) => (name === "TIME" ? this.#now() : this.data[name](...all)));
  }

  #now() {
    const microseconds = Math.floor((BEGINNING + this.#world.time.now + this.#offset) * 1000);
    return [`${Math.floor(microseconds / 1e6)}`, `${microseconds % 1e6}`];
  }

  /** Carries out a command, now. */
  #answer(run) {
    if (this.#downUntil > this.#world.time.now) return { error: failed("connect ECONNREFUSED", "ECONNREFUSED") };
    try {
      return { value: run() };
    } catch (error) {
      return { error };
    }
  }

  /** A command on its way: clients send it once more when a connection broke, so it may be carried out twice, and long after its caller gave up. */
  #ask(process, run) {
    const { random, time } = this.#world;
    const { latency, lostBefore, lostAfter, late, double } = this.#odds;
    // Where Redis is far away, its answers are often so late that the slot is nearly over.
    const way = () => (latency > 100 ? random.between(5, latency) : random.spread(0.2, latency));
    return new Promise((resolve, reject) => {
      const settle = ({ value, error }) => process.soon(() => (error ? reject(error) : resolve(value)), way());
      const arrive = (delay, then) => time.after(delay, undefined, () => then(this.#answer(run)));
      const isLate = random.chance(late);
      const isLost = isLate || random.chance(lostBefore);
      const ignore = () => {};
      if (isLate) arrive(random.spread(50, 8000), ignore);
      if (isLost || random.chance(lostAfter)) {
        if (!isLost) arrive(way(), ignore);
        if (random.chance(0.5)) process.soon(() => reject(failed("Connection is closed.", "ECONNRESET")), random.between(1, 3000));
        return;
      }
      if (random.chance(double)) arrive(way(), ignore);
      arrive(way(), settle);
    });
  }
}
