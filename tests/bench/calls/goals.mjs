// What calls are meant to cost, and whether they do. Every goal is a ratio, or a difference, of things that were measured in the same rounds.
import { paired } from "../statistics.mjs";
import { ROWS } from "./requests.mjs";

/** How much more than the floor is allowed where a goal cannot be reached: the floor is the same work with everything of ours removed. */
const ABOVE_FLOOR = 1.1;
const NODES = (runtime) => runtime.startsWith("Node");
const divide = (a, b) => a / b;
const subtract = (a, b) => a - b;

/** A goal with its cells by runtime. `measured` and `floor` return samples of one runtime, paired with what they are compared with. */
function goal(what, { limit, unit, runtimes, measured, floor }) {
  const cells = {};
  for (const runtime of runtimes) {
    const value = measured(runtime);
    if (!value) continue;
    const met = value.median <= limit;
    const least = !met && floor?.(runtime);
    cells[runtime] = { limit, ...value, met };
    if (least) Object.assign(cells[runtime], { floor: least.median, aboveFloor: value.median / least.median });
    if (least) cells[runtime].nearFloor = cells[runtime].aboveFloor <= ABOVE_FLOOR;
  }
  return { what, unit, cells };
}

/** Two contenders of a table of samples by runtime and name, if both are there. */
const pair = (table, a, b, combine) => (runtime) => {
  const { [a]: first, [b]: second } = table?.[runtime] ?? {};
  return first && second && paired(first, second, combine);
};

function goalsOfRequests(processor) {
  const runtimes = Object.keys(processor["http 1"] ?? {});
  const titles = Object.entries(ROWS).filter(([row]) => processor[row]);
  return [
    ...titles.map(([row, title]) =>
      goal(`${title}, as a multiple of bare \`fetch\``, {
        limit: 1.1,
        runtimes,
        measured: pair(processor[row], "kraken-signer", "bare fetch", divide),
        floor: pair(processor[row], "floor", "bare fetch", divide),
      }),
    ),
    ...titles.map(([row, title]) =>
      goal(`${title}, with \`nodeFetch\`, as a multiple of ccxt`, {
        limit: 0.8,
        runtimes: runtimes.filter(NODES),
        measured: pair(processor[row], "kraken-signer, nodeFetch", "ccxt", divide),
        floor: pair(processor[row], "floor, node:http", "ccxt", divide),
      }),
    ),
  ];
}

/** Of orders after the longest silence, in round trips, which the samples are in. */
function goalsOfOrders(orders, silences) {
  const row = `order after ${Math.max(0, ...silences) / 1000} s`;
  const runtimes = Object.keys(orders[row] ?? {});
  const of = (way) => (runtime) => {
    const samples = orders[row][runtime][way(runtime)];
    return samples && paired(samples, samples, (trips) => trips);
  };
  const rest = (runtime) => (NODES(runtime) ? "kraken-signer, nodeFetch" : "kraken-signer");
  const silence = row.replace("order ", "");
  return [
    goal(`An order ${silence} of silence, over REST, in round trips`, {
      limit: 1.1,
      runtimes,
      measured: of(rest),
      floor: of(() => "floor"),
    }),
    goal(`An order ${silence} of silence, over a socket, in round trips`, {
      limit: 1.1,
      runtimes,
      measured: of(() => "kraken-signer, socket"),
    }),
  ];
}

const goalsOfSockets = ({ message }) =>
  goal("A message of a socket, to its reader, as a multiple of its event and `JSON.parse`", {
    limit: 1.3,
    runtimes: Object.keys(message ?? {}),
    measured: pair(message, "kraken-signer", "event and JSON.parse", divide),
    floor: pair(message, "event, JSON.parse and for await", "event and JSON.parse", divide),
  });

function goalsOfKeys(keys) {
  const runtimes = Object.keys(keys);
  const size = (name) => (runtime) => ({ median: keys[runtime].sizes[name] });
  const slower = (way, kind) => (runtime) => paired(keys[runtime][kind][way].all, keys[runtime][kind][way].one, divide);
  // A twentieth is not told from noise.
  const rotation = (way) => ({ limit: 1.05, runtimes, measured: slower(way, "times"), floor: slower(way, "floors") });
  const count = Math.max(0, ...runtimes.map((runtime) => keys[runtime].count)).toLocaleString("en");
  return [
    goal(`${count} keys: memory of each`, { limit: 2048, unit: "bytes", runtimes, measured: size("SpotClient"), floor: size("floor") }),
    goal(`${count} keys: a call over HTTP, as a multiple of one with a single key`, rotation("request")),
    goal(`${count} keys: \`signSync\`, as a multiple of one with a single key`, rotation("signSync")),
  ];
}

const goalsOfCold = (cold) =>
  goal("The first call of a Worker, above an empty one", {
    limit: 5,
    unit: "ms",
    runtimes: cold.empty ? ["workerd"] : [],
    measured: () => paired(cold["kraken-signer"], cold.empty, subtract),
    floor: () => paired(cold["bare fetch"], cold.empty, subtract),
  });

/** All goals of calls, from the samples of all parts. */
export function goalsOfCalls({ requests, sockets, orders, silences, keys, cold }) {
  return [
    ...goalsOfRequests(requests.processor),
    ...goalsOfOrders(orders, silences),
    goalsOfSockets(sockets.processor),
    ...goalsOfKeys(keys),
    goalsOfCold(cold),
  ];
}
