// Objects, and a Worker that calls them for the tests: one call for each request, told in JSON.
import * as kraken from "kraken-signer";
import { KrakenFuturesKey, KrakenKey, futuresClient, spotClient } from "kraken-signer/durable-object";

export { KrakenFuturesKey, KrakenKey };

/** An object whose clock the tests set, whose writes to storage they count, hold up and refuse, and whose life they end. */
export class Watched extends KrakenKey {
  #now;
  #writes = 0;
  #disk = Promise.resolve();
  #free = () => {};

  constructor(ctx, env) {
    const options = { key: env.KRAKEN_WATCHED_KEY, secret: env.KRAKEN_WATCHED_SECRET };
    super(ctx, env, () => ({ ...options, nonce: { unit: env.UNIT, now: () => this.#now ?? Date.now() } }));
    const { storage } = ctx;
    const [put, sync] = [storage.put.bind(storage), storage.sync.bind(storage)];
    storage.put = (...values) => (this.#writes++, put(...values));
    storage.sync = () => this.#disk.then(sync);
  }
  setClock(now) {
    this.#now = now;
  }
  writes() {
    return this.#writes;
  }
  holdDisk() {
    this.#disk = new Promise((resolve) => (this.#free = resolve));
  }
  freeDisk() {
    this.#free();
  }
  breakDisk() {
    this.#disk = Promise.reject(new Error("the disk is full"));
    this.#disk.catch(() => {});
  }
  repairDisk() {
    this.#disk = Promise.resolve();
  }
  end() {
    this.ctx.abort("ended by a test");
  }
}

/** An object with rate limits, which the tests set. */
export class Limited extends KrakenKey {
  constructor(ctx, env) {
    const { KRAKEN_LIMITED_KEY: key, KRAKEN_LIMITED_SECRET: secret, LIMITS } = env;
    super(ctx, env, () => ({ key, secret, retries: 0, rateLimit: JSON.parse(LIMITS) }));
  }
}

/** An object whose options fail at first, in a way that quotes the secret. */
export class Careless extends KrakenKey {
  constructor(ctx, env) {
    let tries = 0;
    const { KRAKEN_CARELESS_KEY: key, KRAKEN_CARELESS_SECRET: secret } = env;
    super(ctx, env, () => (tries++ ? { key, secret } : JSON.parse(secret)));
  }
}

let timers = 0;
const { setTimeout: setTimer } = globalThis;
globalThis.setTimeout = (...parameters) => (timers++, setTimer(...parameters));

/** Many calls, of the kinds in `jobs` by turns; in a job, `#` stands for the number of the call. */
async function load(client, { calls, concurrency, jobs, first = 0 }) {
  let next = 0;
  const outcomes = [];
  const started = Date.now();
  const before = timers;
  const work = async () => {
    for (let i; (i = next++) < calls;) {
      const [method, ...parameters] = JSON.parse(JSON.stringify(jobs[i % jobs.length]).replaceAll("#", first + i));
      const begun = Date.now();
      const error = await client[method](...parameters).then(() => undefined, told);
      outcomes[i] = { error, took: Date.now() - begun };
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { outcomes, took: Date.now() - started, timers: timers - before };
}

const CLASSES = Object.entries(kraken).filter(([name]) => name.endsWith("Error"));

/** All there is to say about an error, for JSON: of its classes, the most special one. */
function told(error) {
  if (!(error instanceof Error)) return { thrown: String(error) };
  const [type] = CLASSES.filter(([, Class]) => error instanceof Class).sort(([, a], [, b]) => (a.prototype instanceof b ? -1 : 1))[0] ?? [];
  const { name, message, stack, cause, ...own } = {
    ...error,
    name: error.name,
    message: error.message,
    stack: error.stack,
    cause: error.cause,
  };
  return { name, type, message, stack, ...own, ...(cause === undefined ? {} : { cause: told(cause) }) };
}

const FACES = {
  spot: spotClient,
  futures: futuresClient,
  tokens: (stub) => new kraken.TokenManager(spotClient(stub)),
  none: (stub) => stub,
};

export default {
  async fetch(request, env) {
    const {
      object = "KRAKEN_KEY",
      name = "trading",
      face = "none",
      method,
      parameters = [],
      abort,
      load: much,
    } = JSON.parse(
      await request.text(),
      // What cannot cross a border, and JSON has not.
      (_, value) => (value === "<symbol>" ? Symbol() : value),
    );
    const stub = object === "local" ? undefined : name === null ? env[object].get(env[object].newUniqueId()) : env[object].getByName(name);
    try {
      const client = stub
        ? FACES[face](stub)
        : (local ??= new kraken.SpotClient({ key: env.KRAKEN_TRADING_KEY, secret: env.KRAKEN_TRADING_SECRET }));
      if (much) return Response.json({ value: await load(client, much) });
      if (abort !== undefined) {
        const stopper = new AbortController();
        parameters.at(-1).signal = stopper.signal;
        if (abort) setTimeout(() => stopper.abort(new Error("enough")), abort);
        else stopper.abort(new Error("enough"));
      }
      const value = await client[method](...parameters);
      return Response.json({ value, ...(value?.error instanceof Error && { error: told(value.error) }) });
    } catch (error) {
      return Response.json({ error: told(error) });
    }
  },
};
let local;
