// A world in a seed: processes with the real package, exchanges, a network between them, and what callers do.
import { act } from "./actions.mjs";
import { FuturesExchange } from "./futures.mjs";
import { ApiKey, SETUP_KEY } from "./keys.mjs";
import { laneOf } from "./lanes.mjs";
import { Ledger } from "./ledger.mjs";
import { Network } from "./network.mjs";
import { makeNoise, REFERENCE } from "./noise.mjs";
import { KeyObject } from "./objects.mjs";
import { Orders } from "./orders.mjs";
import { Place, Process } from "./process.mjs";
import { programOf, suspensionOf } from "./program.mjs";
import { quirksOf } from "./quirks.mjs";
import { Random } from "./random.mjs";
import { Redis } from "./redis.mjs";
import { SpotExchange } from "./spot.mjs";
import { ANY, Time } from "./time.mjs";
import { traitsOf } from "./traits.mjs";
import { Watch } from "./watch.mjs";
import { webSocketOf } from "./websocket.mjs";

/** More than happens in any world that ends. */
const MOST_EVENTS = 40_000;

/** Places for two processes at once, in which worlds take place one after the other, and two more for instances of an object. */
export const placesOf = (pkg) =>
  [0, 1, 2, 3].map(() => {
    const place = new Place(pkg, webSocketOf);
    place.traced = place.copies.map((copy) => tracedOf(copy, place));
    return place;
  });

/** The clients, which tell the world of each call that changes something at the moment when it is made. */
const tracedOf = (copy, place) => ({
  Spot: class extends copy.SpotClient {
    call(endpoint, params, options) {
      place.process.world.calls(place.process, this, params);
      return super.call(endpoint, params, options);
    }
  },
  Futures: class extends copy.FuturesClient {
    post(endpoint, params, options) {
      place.process.world.calls(place.process, this, params);
      return super.post(endpoint, params, options);
    }
  },
});

const newCounts = () => ({
  calls: 0,
  requests: 0,
  doubled: 0,
  done: 0,
  refused: 0,
  unknown: 0,
  failed: 0,
  placed: 0,
  notPlaced: 0,
  unresolved: 0,
  blocked: 0,
  deaths: 0,
});

/** The names of what a call would change. */
const marksOf = (params) => [params ?? {}, ...(params?.orders ?? []), ...(params?.batchOrder ?? [])].flatMap(({ sim }) => sim ?? []);

/** Adds what is strange about the exchanges, by numbers of its own, so that all other worlds are the same as without. */
function withQuirks(traits, seed) {
  const wait = traits.settle ?? 500;
  const quirks = quirksOf(new Random(seed ^ 0x5ca1ab1e), traits, wait);
  // An order that shows late may be missing in a list that is late, too.
  return { ...traits, quirks, lag: quirks.stale ? Math.min(traits.lag, wait * 0.45) : traits.lag };
}

/** One world. */
export class World {
  time = new Time();
  ledger = new Ledger();
  counts = newCounts();
  /** Calls that have not settled yet. */
  open = new Set();
  /** Milliseconds for which event loops have stood still. */
  blocked = 0;
  #clients = [];
  #log = [];
  #marks = 0;
  #started = 0;

  /** @param program - makes the program from the random numbers and the traits, which `traits` changes */
  constructor(seed, places, { tracing = false, traits, program = programOf } = {}) {
    this.seed = seed;
    this.tracing = tracing;
    this.places = places;
    this.random = new Random(seed);
    this.traits = withQuirks({ ...traitsOf(this.random), ...traits }, seed);
    this.program = program(this.random, this.traits);
    // By numbers of its own, so that all other worlds are the same as without.
    this.program.troubles.push(...suspensionOf(this.traits, this.program.troubles, new Random(~seed)));
    this.watch = new Watch(this);
    this.keys = this.traits.keys.map((key) => Object.assign(new ApiKey(key.place, key), key));
    const orders = () => new Orders(this.random, this.traits, this.ledger);
    this.spot = new SpotExchange(this.random, this.traits, this.ledger, this.#keysOf("spot"), orders());
    this.futures = new FuturesExchange(this.random, this.traits, this.ledger, this.#keysOf("futures"), orders());
    const exchangeOf = (host) => (/futures/.test(host) ? this.futures : this.spot);
    this.network = new Network(this.time, this.random, this.traits.odds, exchangeOf, this.watch);
    if (this.traits.object) {
      const key = this.keys.find(({ product }) => product === (this.traits.kind === "futures" ? "futures" : "spot"));
      this.object = new KeyObject(this, key, places.slice(2));
    }
    if (this.traits.redis) this.redis = new Redis(this);
    this.processes = Array.from({ length: this.program.processes }, (_, number) => this.#start(number));
  }

  trace(text) {
    if (this.tracing) this.#log.push(`${this.time.now.toFixed(1).padStart(9)}  ${text}`);
  }

  get log() {
    return this.#log;
  }

  /** A name for something that is to be carried out once. */
  newMark() {
    return `${this.seed}-${++this.#marks}`;
  }

  /** Lets everything happen, to the end of the world. */
  run() {
    if (this.tracing) this.trace(`traits ${JSON.stringify(this.traits)}`);
    this.#schedule();
    let events = 0;
    while (this.time.step() && ++events < MOST_EVENTS);
    if (events >= MOST_EVENTS) this.ledger.violate("the world does not end");
    for (const call of this.open) if (!call.process.dead) this.ledger.violate(`${call.what} ${call.mark ?? ""} waits for ever`);
    for (const process of this.processes) if (process.timers.size) this.ledger.violate(`${process.timers.size} timers were left`);
    if (this.object?.timersLeft) this.ledger.violate(`${this.object.timersLeft} timers were left in the object`);
    if (this.redis && this.watch.redisIsReliable) for (const left of this.redis.left) this.ledger.violate(`${left} was left in Redis`);
    this.ledger.end();
    this.object?.close();
    for (const client of this.#clients) client.close();
    this.counts.events = events;
    return this.ledger.violations;
  }

  /** A client makes a call. */
  calls(process, client, params) {
    this.counts.calls++;
    this.watch.called(process, marksOf(params), client.writingKey);
  }

  /** An object has answered a call: nothing of it may be sent any more. */
  settledAt(params) {
    for (const mark of marksOf(params)) this.watch.settled(mark);
  }

  /** Settings of clients that a process makes. */
  settingsOf(process) {
    const { rateLimit } = this.traits;
    return { fetch: process.fetch, retries: this.random.whole(0, 2), ...(rateLimit && { rateLimit }) };
  }

  /** Ends a process, and starts another one in its place. */
  restart(number) {
    const old = this.processes[number];
    this.counts.deaths++;
    this.trace(`${old.name} dies`);
    old.die();
    this.processes[number] = this.#start(number, `${old.name}'`);
    this.processes[number].heritage = old.known;
  }

  #keysOf(product) {
    return this.keys.filter((key) => key.product === product);
  }

  #start(number, name = `P${number + 1}`) {
    const { clock, lateness, isolated } = this.traits;
    const process = new Process(name, this.time, this.random, { offset: clock, lateness, isolated });
    process.world = this;
    process.fetch = (url, init) => this.network.fetch(process, url, init);
    process.number = number;
    /** The `userref` of its orders, where all are alike: what earlier processes placed could not be told from its own. */
    process.reference = REFERENCE + this.#started++;
    /** Orders that this process has begun, as a database would keep them. */
    process.known = [];
    const place = this.places[number];
    place.begin(process);
    const lanes = new Map();
    const lane = this.program.lane;
    const laneFor = (key) => lane && (lanes.get(key) ?? lanes.set(key, laneOf(lane, process, key)).get(key));
    const made = [];
    // Made when they are used, since many are not.
    process.clientsOf = (copy) => (made[copy] ??= this.#clientsOf(process, place.copies[copy], place.traced[copy], laneFor));
    return process;
  }

  /** The clients of a process that one copy of the package makes; they share lanes with those of the other copy. */
  #clientsOf(process, copy, { Spot, Futures }, laneFor) {
    if (this.object) return this.#callersOf(process, copy);
    const settings = this.settingsOf(process);
    const credential = ({ name, secret, otp, unit, use }) => {
      const lane = laneFor(name);
      return { key: name, secret, use, ...(otp && { otp: this.codesOf(process, copy) }), ...(lane ? { lane } : { nonce: { unit } }) };
    };
    const make = (Client, keys) => {
      const credentials = keys.map(credential);
      const client = new Client(credentials.length > 1 ? { ...settings, keys: credentials } : { ...settings, ...credentials[0] });
      client.writingKey = keys.find(({ use }) => use !== "read").name;
      this.#clients.push(client);
      return client;
    };
    if (this.traits.kind === "futures") return { copy, futures: make(Futures, this.#keysOf("futures")) };
    const spot = make(Spot, this.#keysOf("spot"));
    return { copy, spot, tokens: new copy.TokenManager(spot) };
  }

  /** The clients of a process that calls an object. */
  #callersOf(process, copy) {
    const stub = this.object.stubOf(process);
    if (this.traits.kind === "futures") return { copy, futures: copy.futuresClient(stub) };
    const spot = copy.spotClient(stub);
    return { copy, spot, tokens: new copy.TokenManager(spot) };
  }

  /** Codes as this package makes them, or as somebody types them in. */
  codesOf(process, copy) {
    const totp = new copy.Totp(SETUP_KEY);
    const { codesTake } = this.traits;
    if (!codesTake) return totp;
    return () =>
      new Promise((resolve) => {
        const wait = this.random.between(0, codesTake);
        // Some programs stand still until somebody has typed the code.
        if (this.random.chance(0.2)) this.#standStill(process, wait);
        process.soon(() => resolve(totp.code()), wait);
      });
  }

  #schedule() {
    for (const step of this.program.steps) {
      const run = () => {
        const process = this.processes[step.process];
        if (step.block) {
          act(this, process, { ...step, what: "order", block: undefined });
          this.#block(step.block);
          this.time.pass(step.block);
        }
        act(this, process, step);
      };
      this.#inProcess(step, run);
    }
    for (const trouble of this.program.troubles) this.#inProcess({ process: 0, ...trouble }, () => this.#trouble(trouble));
    if (this.traits.noise) makeNoise(this);
  }

  /** Runs where the process that lives there at that time runs, and waits while that is busy. */
  #inProcess({ time, process }, run) {
    const attempt = () => {
      const { busyUntil } = this.processes[process];
      if (busyUntil > this.time.now) this.time.at(busyUntil, ANY, attempt);
      else run();
    };
    this.time.at(time, ANY, attempt);
  }

  #trouble(trouble) {
    const [process] = this.processes;
    this.trace(`trouble ${JSON.stringify(trouble)}`);
    if (trouble.what === "shift") process.shiftClock(trouble.by);
    if (trouble.what === "freeze") process.freezeClock();
    if (trouble.what === "thaw") process.thawClock();
    if (trouble.what === "forgetTokens") this.spot.forgetTokens();
    if (trouble.what === "die") this.restart(0);
    if (trouble.what === "end") this.object?.end();
    if (trouble.what === "supersede") this.object?.supersede();
    if (trouble.what === "redisSave") this.redis?.save();
    if (trouble.what === "redisRestart") this.redis?.restart(trouble.down);
    if (trouble.what === "redisShift") this.redis?.shiftClock(trouble.by);
    if (trouble.what === "busy") this.#standStill(process, trouble.for);
    if (trouble.what === "suspend") {
      this.#block(trouble.for);
      process.suspend(trouble.for);
    }
  }

  #standStill(process, milliseconds) {
    this.#block(milliseconds);
    process.busyUntil = Math.max(process.busyUntil, this.time.now + milliseconds);
  }

  #block(milliseconds) {
    this.counts.blocked++;
    this.blocked += milliseconds;
  }
}
