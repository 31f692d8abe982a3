// How often `placeOrder` finds out what became of an order, through transports that double, reset and hold back.
import { CALM } from "./network.mjs";
import { stepOf } from "./program.mjs";
import { addCounts, runWorlds, seedsFrom } from "./run.mjs";

const ORDERS_OF_A_WORLD = 10;

/** Transports that double requests this often, alone and with other trouble. */
export const TRANSPORTS = {
  doubled: (often) => ({ ...CALM, double: often }),
  "doubled, reset, late": (often) => ({ ...CALM, double: often, lostAfter: often / 2, lostBefore: often / 4, late: often / 4 }),
};

function ordersAlone(random) {
  const steps = Array.from({ length: ORDERS_OF_A_WORLD }, () => {
    const step = stepOf(random, "place", 0);
    return { ...step, time: random.between(0, 60_000), timeout: 60_000, aborts: undefined, naming: "none", deadline: 30_000, client: 0 };
  });
  return { steps, processes: 1, troubles: [], lane: undefined };
}

/** Places orders, and returns how many were placed, refused and left unknown, how many were not certain, and what was broken. */
export async function measure(pkg, transport, often, orders, firstSeed = 1) {
  const counts = {};
  const broken = [];
  const keys = [{ product: "spot", strict: false, unit: "ms", window: 0, otp: undefined, use: "any", place: 0 }];
  const traits = {
    kind: "certainty",
    odds: TRANSPORTS[transport](often),
    keys,
    refusals: 0,
    lag: 450,
    settle: undefined,
    clock: 0,
    lateness: 0,
    lane: undefined,
    object: undefined,
    redis: undefined,
    isolated: false,
    noise: false,
  };
  const see = (world, violations) => {
    addCounts(counts, world.counts);
    for (const one of violations) broken.push(`seed ${world.seed}: ${one}`);
  };
  await runWorlds(pkg, seedsFrom(firstSeed, Math.ceil(orders / ORDERS_OF_A_WORLD)), see, { traits, program: ordersAlone });
  const { placed, notPlaced, unresolved, doubled, requests } = counts;
  return { orders: placed + notPlaced + unresolved, placed, notPlaced, unknown: unresolved, requests, doubled, broken };
}
