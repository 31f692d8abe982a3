// What a world is like, by its seed.
import { CALM } from "./network.mjs";
import { CALM_OBJECT } from "./objects.mjs";
import { CALM_REDIS } from "./redis.mjs";

/** Kinds of worlds, and how often they are made. What a kind does not set is drawn at random. */
const KINDS = {
  calm: 4,
  doubled: 12,
  lossy: 12,
  gateway: 9,
  chaos: 7,
  codes: 7,
  "two keys": 8,
  window: 8,
  clocks: 8,
  blocked: 6,
  restart: 6,
  crowd: 6,
  lanes: 7,
  sockets: 8,
  futures: 14,
  looks: 16,
  objects: 10,
  redis: 5,
};

const oddsOf = (kind, random) => {
  const some = (likely, most) => (random.chance(likely) ? random.between(0, most) : 0);
  const base = {
    ...CALM,
    latency: random.pick([20, 100, 200, 400]),
    deaf: some(0.3, 0.5),
    double: some(0.4, 0.4),
    late: some(0.2, 0.3),
    lostBefore: some(0.3, 0.2),
    lostAfter: some(0.3, 0.2),
    unconnected: some(0.2, 0.1),
    hollow: some(0.15, 0.1),
    cut: some(0.2, 0.1),
    breaks: some(0.6, 0.8),
  };
  switch (kind) {
    case "calm":
      return { ...CALM, breaks: 0 };
    case "codes":
      return { ...base, latency: random.pick([200, 400]), double: random.pick([0, 0.5, 0.9]), lostAfter: 0.3, late: 0 };
    case "doubled":
      return { ...base, double: random.pick([0.2, 0.5, 0.9]), late: 0 };
    case "lossy":
    case "two keys":
    case "window":
      return {
        ...base,
        sparesReads: random.chance(0.5),
        late: random.pick(kind === "window" ? [0.2, 0.5] : [0, 0.2, 0.5]),
        lostAfter: random.pick([0.1, 0.4]),
        lostBefore: random.pick([0.1, 0.3]),
      };
    case "looks":
      return {
        ...base,
        latency: random.pick([100, 200, 400]),
        double: 0,
        cut: 0,
        lostAfter: random.pick([0.3, 0.7]),
        lostBefore: random.pick([0.1, 0.3]),
        late: random.pick([0, 0.4]),
        hollow: random.pick([0, 0.3]),
        sparesReads: random.chance(0.7),
      };
    case "gateway":
      return { ...base, lostAfter: 0.3, lostBefore: 0.15, hollow: 0.1, cut: 0.1 };
    case "futures":
      return { ...base, lostAfter: random.pick([0, 0.1, 0.4]), lostBefore: random.pick([0, 0.1, 0.3]), sparesReads: random.chance(0.5) };
    case "chaos":
      return { ...base, double: 0.3, late: 0.2, lostBefore: 0.2, lostAfter: 0.2, unconnected: 0.1, hollow: 0.1, cut: 0.1, deaf: 0.3 };
    default:
      return base;
  }
};

function keysOf(kind, random) {
  const strict = random.chance(0.125);
  const unit = random.weighted({ ms: 8, us: 1, ns: 1 });
  const window = kind === "window" ? random.pick([10, 1000, 60_000, 10_000_000, 10_000_000]) : random.chance(0.05) ? 10_000 : 0;
  const otp =
    kind === "codes"
      ? random.pick(["code", "single-use", "single-use"])
      : random.chance(kind === "lanes" || kind === "redis" ? 0.5 : 0.05)
        ? "code"
        : undefined;
  const spot = { product: "spot", strict, unit, window, otp, use: "any" };
  // An object has one key.
  const two = kind === "two keys" || (kind !== "objects" && random.chance(0.08));
  if (!two) return [{ ...spot, place: 0 }, futuresKey(strict, 3)];
  return [
    { ...spot, place: 0, use: "read", otp: undefined },
    ...(random.chance(0.4) ? [{ ...spot, place: 2, use: "read", otp: undefined }] : []),
    { ...spot, place: 1, use: random.pick(["write", "any"]) },
    futuresKey(strict, 3),
  ];
}

const futuresKey = (strict, place) => ({ product: "futures", strict, unit: "ms", window: 0, otp: undefined, use: "any", place });

/** Everything about a world but what its callers do. */
export function traitsOf(random) {
  const kind = random.weighted(KINDS);
  const settle = random.weighted({ usual: 6, none: kind === "looks" ? 10 : 3, longer: 1 });
  // Callers place the same order again and again, with nothing but a reference to tell one from another.
  const alike = random.chance({ looks: 0.5, objects: 0.4, redis: 0.4 }[kind] ?? 0.1);
  const wait = { usual: 500, none: 0, longer: 1500 }[settle];
  // Codes change at every half minute: these worlds begin shortly before, often while their first requests are on their way.
  const lead = kind === "codes" ? 30_000 - (random.chance(0.7) ? random.between(0, 600) : random.between(600, 4000)) : 0;
  const owner = kind === "futures" ? random.weighted({ none: 79, objects: 15, redis: 6 }) : kind;
  return {
    kind,
    odds: oddsOf(kind, random),
    keys: keysOf(kind, random),
    /** How it is to reach the Durable Object that owns the key, if one does. */
    object: owner === "objects" ? objectOf(random) : undefined,
    /** How it is to reach the Redis by which processes share the key, if they do. */
    redis: owner === "redis" ? redisOf(random) : undefined,
    /** Kraken's clock, against the true one. */
    skew: lead + random.pick([0, 0, random.between(-900, 900)]),
    refusals: kind === "calm" || kind === "looks" ? 0 : random.pick([0, 0.02, 0.1]),
    strictDeadline: kind !== "window" && random.chance(0.5),
    codeFirst: random.chance(0.5),
    /** How many periods a code lives on. */
    codeWindow: random.pick([0, 1]),
    /** An accepted order shows within the time that callers allow for it. */
    lag: random.chance(0.5) ? 0 : wait * 0.9,
    fills: kind === "looks" ? 0.9 : random.pick(kind === "futures" ? [0.3, 0.9] : [0, 0.3, 0.9]),
    settle: wait === 500 && random.chance(0.7) ? undefined : wait,
    clock: lead + clockOf(kind, random),
    lateness: random.pick([0, 0, 2, 15]),
    lane: owner === "redis" ? "redis" : laneOf(kind, random),
    /** Whether clients keep below Kraken's limits, and of which tier. */
    rateLimit: kind !== "futures" && random.chance(0.1) ? random.pick(["starter", "intermediate", "pro"]) : undefined,
    isolated: random.chance(0.04) && kind !== "blocked" && kind !== "clocks",
    alike,
    /** How likely an order that ends soon is canceled, and not filled. */
    canceled: random.pick(kind === "futures" ? [0.3, 0.9] : [0, 0.3, 0.8]),
    noise: random.chance(kind === "looks" || kind === "futures" || alike ? 0.5 : 0.15),
    /** Milliseconds that it takes to make a code, at most. */
    codesTake: random.pick(kind === "codes" || kind === "redis" ? [0, 800, 800, 6000] : [0, 0, 800, 6000]),
  };
}

/** The lane that a user brings along, if he does. */
const laneOf = (kind, random) =>
  kind === "lanes" ? random.pick(["fair", "late", "late", "twice", "stuck", "senseless"]) : random.chance(0.03) ? "fair" : undefined;

const objectOf = (random) => ({
  ...CALM_OBJECT,
  latency: random.pick([2, 30, 300]),
  lostBefore: random.pick([0, 0, 0.1, 0.5]),
  lostAfter: random.pick([0, 0.1, 0.4, 0.8]),
  disk: random.pick([0, 0, 0, 0.1]),
  options: random.pick([0, 0, 0.3]),
  optionsTake: random.pick([0, 5, 400]),
});

const redisOf = (random) => {
  const isCalm = random.chance(0.5);
  const some = (...odds) => (isCalm ? 0 : random.pick([0, 0, ...odds]));
  return {
    ...CALM_REDIS,
    latency: random.pick([1, 10, 60, 120]),
    clock: random.chance(0.04) ? 31_536_000_000 : random.pick([0, 0, random.between(-3000, 3000), 3_600_000]),
    lostBefore: some(0.02, 0.2),
    lostAfter: some(0.02, 0.2),
    late: some(0.02, 0.2),
    double: some(0.1, 0.5),
    settings: { lease: random.pick([200, 1000, 5000]), timeout: random.pick([500, 5000]) },
  };
};

/** How far a process's wall clock is off, in milliseconds. */
const clockOf = (kind, random) =>
  kind === "clocks" || (kind === "window" && random.chance(0.5))
    ? random.pick([0, 5000, -5000, 3_600_000, -3_600_000, 31_536_000_000, -31_536_000_000])
    : random.pick([0, 0, random.between(-3000, 3000)]);
