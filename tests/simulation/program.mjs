// What callers do in a world, by its seed: who calls what, and when.

/** What is done with a Spot client, and how often. */
const SPOT = { order: 26, batch: 5, cancel: 7, write: 6, read: 14, check: 3, place: 16, token: 3, again: 3 };
const LOOKS = { order: 30, place: 20, again: 4, cancel: 1 };
const FUTURES = { order: 30, batch: 12, cancelAll: 5, read: 14, check: 4, place: 20 };
const SOCKET = { socketOrder: 12, socketCancel: 3, ping: 2, subscribe: 3, order: 3, read: 3, token: 2 };

const TIMEOUTS = [250, 800, 2000, 5000, 8000, 20_000];
const LONG = [3000, 15_000, 60_000];

/** How orders are named. A Futures order has no reference. */
const NAMING = { given: 2, own: 1, none: 5, reference: 2, form: 1 };
const FUTURES_NAMING = { given: 2, own: 5, none: 5 };

const needsLonger = (what) => what === "place" || what === "again";

/** One step, with everything about it drawn at random. */
export function stepOf(random, what, process, naming = NAMING) {
  return {
    what,
    process,
    time: random.chance(0.5) ? random.spread(1, 4000) : random.between(0, 60),
    timeout: random.pick(needsLonger(what) ? LONG : TIMEOUTS),
    aborts: random.chance(0.12) ? random.spread(1, 3000) : undefined,
    resolves: random.chance(0.75),
    resolveTimeout: random.pick([1000, 4000, 15_000, 70_000]),
    naming: random.weighted(naming),
    deadline: random.chance(0.3) ? random.pick([2000, 5000, 30_000]) : undefined,
    type: random.pick(["limit", "limit", "market"]),
    refused: random.chance(0.06),
    client: random.whole(0, 2),
    rows: random.whole(1, 3),
    cancels: random.pick([0, 1, 2]),
    block: undefined,
  };
}

function troublesOf({ kind, object, redis }, random) {
  const troubles = [];
  const at = () => random.spread(1, 8000);
  const clock = () => random.pick([3_600_000, -3_600_000, 31_536_000_000, -31_536_000_000, 90_000, -90_000, 2000, -2000]);
  // A deadline that has passed by this machine's clock only.
  if (kind === "window" && random.chance(0.7)) troubles.push({ what: "shift", time: at(), by: random.pick([90_000, 3_600_000]) });
  if (kind === "clocks" || random.chance(0.08))
    for (let left = random.whole(1, 3); left; left--)
      troubles.push(
        random.chance(0.6) ? { what: "shift", time: at(), by: clock() } : { what: random.pick(["freeze", "thaw"]), time: at() },
      );
  if (kind === "blocked" || random.chance(redis ? 0.25 : 0.08))
    for (let left = random.whole(1, 2); left; left--) troubles.push({ what: "busy", time: at(), for: random.spread(50, 6000) });
  if (kind === "restart" || random.chance(0.04)) troubles.push({ what: "die", time: at() });
  if (object)
    for (let left = random.whole(0, 3); left; left--)
      troubles.push({ what: random.pick(["end", "end", "supersede"]), time: random.spread(1, 8000) });
  if (redis) addRedisTroubles(troubles, random);
  if (random.chance(0.05)) troubles.push({ what: "forgetTokens", time: at() });
  return troubles;
}

/**
 * In some worlds, the first machine is suspended, and its clock may be set afterwards: SECURITY.md names what such a machine cannot know if its clock was
 * ahead before.
 */
export function suspensionOf({ kind, isolated, clock, skew }, troubles, random) {
  const isAhead = clock - skew > 1000 || troubles.some(({ what }) => /^(shift|freeze|thaw)$/.test(what));
  if (isolated || isAhead || !random.chance(/^(looks|futures|blocked)$/.test(kind) ? 0.1 : 0.03)) return [];
  const suspend = { what: "suspend", time: random.spread(1, 8000), for: random.spread(2000, 90_000) };
  const set = { what: "shift", time: suspend.time + suspend.for + random.spread(1, 5000), by: suspend.for };
  return random.chance(0.5) ? [suspend, set] : [suspend];
}

/**
 * Redis restarts with all that it had, with what it had some time ago, or with nothing; or another machine takes its place, whose clock is another
 * one. Or its clock is set.
 */
function addRedisTroubles(troubles, random) {
  const shift = (time) =>
    troubles.push({ what: "redisShift", time, by: random.pick([5000, -5000, 3_600_000, -3_600_000, 31_536_000_000]) });
  if (random.chance(0.25)) {
    const time = random.spread(1, 8000);
    const lost = random.pick([0, 1000, Infinity]);
    if (lost < time) troubles.push({ what: "redisSave", time: time - lost });
    troubles.push({ what: "redisRestart", time, down: random.pick([0, 300, 3000, 9000]) });
    if (random.chance(0.5)) shift(time);
  }
  if (random.chance(0.1)) shift(random.spread(1, 8000));
}

/** The steps of callers and the troubles of a world. */
export function programOf(random, traits) {
  const { kind, lane, alike, object, redis } = traits;
  const weights =
    { futures: FUTURES, sockets: SOCKET, looks: LOOKS, objects: alike ? LOOKS : SPOT, redis: alike ? LOOKS : SPOT }[kind] ?? SPOT;
  const naming = kind === "futures" ? FUTURES_NAMING : NAMING;
  const count = random.whole(2, kind === "crowd" ? 14 : kind === "looks" ? 5 : 8);
  const processes = kind === "crowd" || random.chance(redis ? 0.8 : 0.08) ? 2 : 1;
  const steps = Array.from({ length: count }, () => stepOf(random, random.weighted(weights), random.whole(0, processes - 1), naming));
  if (alike) for (const one of steps) if (random.chance(0.8)) one.naming = "reference";
  // Synchronous work between two calls of one piece of code.
  if (kind === "blocked") for (const one of steps) if (random.chance(0.25)) one.block = random.spread(100, 3000);
  if (kind === "window")
    for (const one of steps) {
      if (random.chance(0.8)) one.deadline ??= random.pick([5000, 30_000, 60_000]);
      if (random.chance(0.5)) one.resolveTimeout = 70_000;
    }
  return { steps, processes, troubles: troublesOf(traits, random), lane: object ? undefined : lane };
}
