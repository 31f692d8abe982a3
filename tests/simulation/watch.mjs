// Watches what leaves processes: one request at a time with a key, in order, with nonces that rise and burn nothing.

/** Below this, a clock has not been set yet: 2026-01-01. */
const FLOOR = Date.UTC(2026, 0, 1);

const DAY = 86_400_000;
const UNITS = { ms: 1n, us: 1000n, ns: 1_000_000n };

/** What is seen of the requests of one process with one key. */
class Sent {
  flights = 0;
  nonce = -1n;
  /** When the last request ended: since then, whoever waits could have been sent. */
  freeSince = 0;
  lastWrite = 0;
}

/** The marks of what a request would change; in Futures batches they are in percent-encoded JSON. */
const marksOf = ({ path, body }) =>
  Array.from((body ?? path).matchAll(/(?:^|[?&"]|%22)sim(?:=|":"|%22%3A%22)([\w-]+)/g), ([, mark]) => mark);
const nonceOf = ({ headers, body }) => headers["API-Nonce"] ?? headers.Nonce ?? /nonce"?[=:]"?(\d+)/.exec(body ?? "")?.[1];

/** Looks at each departure and landing. */
export class Watch {
  #world;
  #sent = new Map();
  /** Calls that change something and were not sent yet, by mark: when they were made, and as which one. */
  #waiting = new Map();
  #calls = 0;
  /** The highest nonce of each instance of an object. */
  #highest = [];
  /** By key: the process whose request is in flight, and the nonces of all processes. */
  #shared = new Map();

  constructor(world) {
    this.#world = world;
  }

  /** A call that changes something is being made, now. */
  called(process, marks, keyName) {
    const call = {
      process,
      keyName,
      order: ++this.#calls,
      time: this.#world.time.now,
      departed: false,
      settled: false,
      overtakenBy: undefined,
    };
    for (const mark of marks) this.#waiting.set(mark, call);
  }

  /** It has settled: nothing of it may be sent any more. */
  settled(mark) {
    const call = this.#waiting.get(mark);
    if (call) call.settled = true;
  }

  departed(flight, request, fate) {
    const world = this.#world;
    const { process, key } = flight;
    const marks = marksOf(request);
    world.counts.requests++;
    if (fate.arrivals.length > 1) world.counts.doubled++;
    if (world.tracing) world.trace(`${process.name} → ${describe(request)} ${JSON.stringify(fate)}`);
    if (process.dead) world.ledger.violate(`${process.name} is dead, and sent ${request.path}`);
    if (key === undefined) return;
    const sent = this.#sentOf(process, key);
    if (sent.flights > 0) world.ledger.violate(`two requests in flight with one key of ${process.name}: ${request.path}`);
    sent.flights++;
    const isSameTurn = nonceOf(request) === `${sent.nonce}`;
    this.#checkNonce(sent, request, process, key);
    if (world.redis && !isSameTurn) this.#checkShared(process, key, sent.nonce);
    for (const mark of marks) this.#checkOrder(sent, mark);
    if (!marks.length && !isSameTurn) this.#noteWhatWaits(sent, process, key, request);
  }

  arrived(flight, request, answer) {
    if (this.#world.tracing) this.#world.trace(`  exchange: ${describe(request)} ⇒ ${answer.status} ${answer.text.slice(0, 200)}`);
  }

  answered(flight, { ending }) {
    if (this.#world.tracing) this.#world.trace(`${flight.process.name} ← ${ending}`);
  }

  landed({ process, key }) {
    if (key === undefined) return;
    const sent = this.#sentOf(process, key);
    sent.flights--;
    sent.freeSince = this.#world.time.now;
    const shared = this.#shared.get(key);
    if (shared?.flying === process) shared.flying = undefined;
  }

  #sentOf(process, key) {
    const name = `${process.name}/${key}`;
    let sent = this.#sent.get(name);
    if (!sent) this.#sent.set(name, (sent = new Sent()));
    return sent;
  }

  #checkNonce(sent, request, process, keyName) {
    const digits = nonceOf(request);
    const { ledger } = this.#world;
    if (digits === undefined) return ledger.violate(`no nonce in ${request.path}`);
    const nonce = BigInt(digits);
    const { otp, unit } = this.#world.keys.find(({ name }) => name === keyName);
    // A code that ran out is replaced, with the nonce of the request that was refused for it.
    if (nonce < sent.nonce || (nonce === sent.nonce && !otp)) ledger.violate(`the nonce fell from ${sent.nonce} to ${nonce}`);
    this.#checkInstance(process, nonce);
    sent.nonce = nonce;
    // What the process could know when it first sent something: a clock that is set later, by a year, is not to be believed at once.
    // A clock that has not been set yet says nothing, and whatever it is set to is the first thing that it says.
    if (process.believed === undefined && process.wall() >= FLOOR) process.believed = process.wall() - process.uptime();
    if (process.believed === undefined) return;
    // The nonce of a user's lane is compared with the clock even if it is refused then, so the package may have looked earlier.
    const believed = this.#world.program.lane ? Math.max(process.believed, process.mostBelieved) : process.believed;
    const limit = BigInt(Math.floor(believed + process.uptime() + DAY)) * UNITS[unit];
    if (nonce > limit) ledger.violate(`nonce ${nonce} is more than a day ahead of what the clock was: it burns the key`);
  }

  /** An instance of an object begins above all that earlier ones have sent, and ever will. */
  #checkInstance({ instance }, nonce) {
    if (instance === undefined) return;
    for (let earlier = 0; earlier < instance; earlier++)
      if (nonce <= (this.#highest[earlier] ?? -1n))
        this.#world.ledger.violate(`an earlier instance has sent ${this.#highest[earlier]}, and this one ${nonce}`);
    this.#highest[instance] = nonce;
  }

  /** Whether Redis gets every command, once, and keeps its data and its clock. */
  get redisIsReliable() {
    const { traits, program } = this.#world;
    const { lostBefore, lostAfter, late, double } = traits.redis;
    return !lostBefore && !lostAfter && !late && !double && !program.troubles.some(({ what }) => /^redis/.test(what));
  }

  /** What processes promise each other that share a key through Redis. */
  #checkShared(process, key, nonce) {
    const { redis, traits, program, ledger, blocked } = this.#world;
    const troubles = program.troubles.filter(({ what }) => /^redis/.test(what));
    const shared = this.#shared.get(key) ?? { nonces: new Set() };
    if (shared.nonces.has(nonce) && !troubles.some(({ what }) => what === "redisRestart"))
      ledger.violate(`${process.name} has sent nonce ${nonce}, which was sent before`);
    // However late Redis' answer came, the process has the slot when it sends, unless its clocks stood still: then its nonce is lower than later ones.
    if (!troubles.length && !program.troubles.some(({ what }) => what === "suspend") && redis.holderOf(key) !== process)
      ledger.violate(`${process.name} has sent a request without having the slot in Redis`);
    // A process that stood still, or could not renew its lease in time, may lose the slot while its request is in flight.
    const isOneAtATime = this.redisIsReliable && !blocked && traits.redis.settings.lease >= 1000;
    if (isOneAtATime && shared.flying && shared.flying !== process && !shared.flying.dead)
      ledger.violate(`${process.name} sent a request while one of ${shared.flying.name} was in flight`);
    this.#shared.set(key, { flying: process, nonces: shared.nonces.add(nonce) });
  }

  #checkOrder(sent, mark) {
    const { ledger } = this.#world;
    const call = this.#waiting.get(mark);
    if (call.settled) ledger.violate(`${mark} was sent after it had settled`);
    // Orders wait for the rate limit, cancels do not.
    if (call.order < sent.lastWrite && !this.#world.traits.rateLimit)
      ledger.violate(`${mark} was sent after a write that was called later`);
    if (call.overtakenBy && !this.#world.traits.rateLimit) ledger.violate(`${call.overtakenBy} was sent before ${mark}, which waited`);
    sent.lastWrite = call.order;
    call.departed = true;
  }

  /** Writes go before reads that wait. One that waits now and is sent later was overtaken; one that is not sent at all may be over already. */
  #noteWhatWaits(sent, process, keyName, { path }) {
    // Lanes of users need not do so.
    if (this.#world.program.lane) return;
    for (const call of this.#waiting.values()) {
      if (call.process !== process || call.keyName !== keyName || call.departed || call.settled) continue;
      if (call.time < sent.freeSince) call.overtakenBy ??= path;
    }
  }
}

const describe = ({ method, path, body }) => `${method} ${path} ${body ?? ""}`.slice(0, 260);
