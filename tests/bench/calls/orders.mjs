// An order where every byte takes 25 ms each way: how long it takes, beside a round trip, at once and after a silence.
import { connect } from "node:net";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { keyOf } from "./keys.mjs";
import { runtimes } from "./runtimes.mjs";

const program = fileURLToPath(new URL("programs/order.mjs", import.meta.url));
const WAYS = ["floor", "kraken-signer", "kraken-signer, nodeFetch", "kraken-signer, socket", "ccxt"];
/** Keys of other parts are below. */
const FIRST_KEY = 1000;
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds that a byte takes there and back, on a connection that is open. */
async function roundTrip(port) {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  const trip = async () => {
    const start = performance.now();
    socket.write("x");
    await once(socket, "data");
    return performance.now() - start;
  };
  await once(socket, "connect");
  await trip();
  const times = [await trip(), await trip(), await trip()];
  socket.destroy();
  return Math.min(...times);
}

async function openAll({ context, ports, only, missing, stops }) {
  const lanes = [];
  for (const runtime of runtimes) {
    if ((only && !only.includes(runtime.name)) || runtime.missing()) continue;
    if (!runtime.binary) {
      missing.push({ row: "order", runtime: runtime.name, name: "orders after a silence", why: "a request does not wait for a minute" });
      continue;
    }
    for (const way of WAYS) {
      if (way.endsWith("nodeFetch") && runtime.cannot["node-fetch"]) continue;
      const { ask, stop } = await runtime.start(context, "", program);
      stops.push(stop);
      const name = `order-${lanes.length}`;
      await ask({ open: { way, name, url: `https://127.0.0.1:${ports.far}`, ...keyOf(FIRST_KEY + lanes.length) } });
      lanes.push({ runtime: runtime.name, way, ask });
    }
  }
  return lanes;
}

/**
 * @param settings `silences` in milliseconds, each measured `rounds` times
 * @returns `samples` in round trips, by row, runtime and way; `trips`, the milliseconds of these round trips
 */
export async function measureOrders({ context, ports, only }, { silences, rounds }, say) {
  const missing = [];
  const stops = [];
  const samples = {};
  const trips = [];
  try {
    say("orders: starting");
    const lanes = await openAll({ context, ports, only, missing, stops });
    for (let round = 0; round < rounds; round += 1) {
      for (const silence of [0, ...silences]) {
        say(`orders: after ${silence / 1000} s, round ${round + 1} of ${rounds}`);
        await later(silence);
        const trip = await roundTrip(ports.farEcho);
        trips.push(trip);
        for (const { runtime, way, ask } of lanes) {
          // Others were asked meanwhile: only an order right after another one follows no silence.
          if (!silence) await ask({ order: true });
          const { milliseconds } = await ask({ order: true });
          const row = `order after ${silence / 1000} s`;
          (((samples[row] ??= {})[runtime] ??= {})[way] ??= []).push(milliseconds / trip);
        }
      }
    }
    return { samples, trips, missing };
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}
