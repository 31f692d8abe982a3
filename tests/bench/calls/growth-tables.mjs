// How calls grow, as tables: what was measured beside the model, and what the model says beyond it.
import { digits, table, whole } from "../report.mjs";
import { ROUND_TRIP, model } from "./growth.mjs";

/** What each step is called. */
const TITLES = {
  keys: (count) => `${count} ${count === 1 ? "key" : "keys"}, one process`,
  senders: (count) => `${count} ${count === 1 ? "caller" : "callers"} of one key`,
  processes: (count, most) => `${count} ${count === 1 ? "process" : "processes"} of ${most} keys`,
  sockets: (count) => `${count} ${count === 1 ? "socket" : "sockets"}: messages`,
};

export function growthTable({ points, most }) {
  const rows = points.map((point) => [TITLES[point.what](point.count, most), point]);
  const columns = {
    "per second": ({ rate }) => digits(rate.median),
    "the model": ({ model: rate }) => digits(rate),
    "measured / model": ({ rate, model: expected }) => digits(rate.median / expected),
    "limited by": ({ by }) => by,
    "processor time of each, µs": ({ cost }) => digits(cost.median * 1000),
  };
  return table("", rows, Object.keys(columns), (point, column) => columns[column](point));
}

/** The most keys that one process has. */
const KEYS_OF_PROCESS = 10_000;
/** What Kraken's call counter falls by in a second, tier Pro: that many calls a second go on for ever. */
const PRO = 1;
const CORES_OF_MACHINE = 2;

/** Beyond what one machine was measured with: keys × rate limits × machines. */
export function beyondTable({ growth, keys, requests }) {
  const cost = requests.processor["https many"][growth.runtime]["kraken-signer"].median / 1000;
  const bytes = keys[growth.runtime]?.sizes["SpotClient, after its calls"];
  const rows = [1, 10, 100, 1000, 10_000, 100_000].map((count) => [`${whole(count)} ${count === 1 ? "key" : "keys"}`, count]);
  const sustained = (count) => model({ keys: count, roundTrip: ROUND_TRIP, cost, limit: PRO, processes: Infinity });
  const burst = (count) => (count * 1000) / (ROUND_TRIP + cost);
  const machines = (rate, count) =>
    Math.max(1, Math.ceil((rate * cost) / 1000 / CORES_OF_MACHINE), Math.ceil(count / KEYS_OF_PROCESS / CORES_OF_MACHINE));
  const columns = {
    "calls per second, one after another": (count) => digits(burst(count)),
    "calls per second that Kraken's limit allows": (count) => digits(sustained(count).rate),
    "threads for these": (count) => digits((sustained(count).rate * cost) / 1000),
    "memory of the clients": (count) => bytes && `${digits((count * bytes) / 1e6)} MB`,
    "machines of two cores": (count) => whole(machines(sustained(count).rate, count)),
    "limited by": (count) => sustained(count).by,
  };
  return table("", rows, Object.keys(columns), (count, column) => columns[column](count));
}
