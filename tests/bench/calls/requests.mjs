// Calls over connections that are open already: processor time of the client's process, and latency, one call at a time and many at once.
import { BALANCE, BARE, OPEN_ORDERS, keyOf } from "./keys.mjs";
import { interleave } from "./interleave.mjs";
import { contenderOf, runtimes } from "./runtimes.mjs";

/** The rows: how many callers, over what. */
export const ROWS = {
  "http 1": "A call over HTTP, one at a time",
  "http many": "A call over HTTP, 50 at once",
  "https 1": "A call over TLS, one at a time",
  "https many": "A call over TLS, 50 at once",
  "http long": `A call over HTTP that is answered with ${Math.round(JSON.stringify(OPEN_ORDERS).length / 1000)} KB`,
};

function placesOf(ports, many) {
  const keys = Array.from({ length: many }, (_, index) => keyOf(index));
  return Object.fromEntries(
    Object.keys(ROWS).map((row) => {
      const [protocol, kind] = row.split(" ");
      const [endpoint, expected] = kind === "long" ? ["OpenOrders", OPEN_ORDERS] : ["Balance", BALANCE];
      const callers = kind === "many" ? keys : keys.slice(0, 1);
      return [row, { url: `${protocol}://127.0.0.1:${ports[protocol]}`, endpoint, expected, bare: BARE, keys: callers }];
    }),
  );
}

/** Milliseconds of a batch before the first round. */
const WARM_BATCH = 50;

/** Starts a contender in a runtime, and returns the lanes in which it works. */
async function lanesOf(runtime, file, { context, places, warm, missing, stops }) {
  const { ask, stop } = await runtime.start(context, contenderOf(file));
  stops.push(stop);
  const opened = await ask({ open: { places } });
  const lanes = [];
  for (const [name, rows] of Object.entries(opened))
    for (const [row, { missing: why }] of Object.entries(rows)) {
      if (why) missing.push({ row, runtime: runtime.name, name, why });
      else lanes.push({ row, runtime: runtime.name, name, ...working(ask, { name, place: row }, warm) });
    }
  if (lanes.length === 0) await stop();
  return lanes;
}

/** How a lane works. Before the first round it makes so many calls, however long they take: then engines have compiled what they run. */
const working = (ask, order, calls) => ({
  run: (milliseconds) => batch(ask, { ...order, milliseconds }),
  async warm() {
    for (let made = 0; made < calls;) made += (await ask({ batch: { ...order, milliseconds: WARM_BATCH } })).count;
  },
});

/** Microseconds of one call: processor time, and latency as its caller sees it. */
async function batch(ask, order) {
  // Not counted. Connections that have idled since the last round are closed, and the code of this contender has left the caches of the processor, but that
  // of another contender in the same process may have just been used.
  await ask({ batch: order });
  const { count, callers, wall, processor } = await ask({ batch: order });
  return { processor: (processor * 1000) / count, latency: (wall * callers * 1000) / count };
}

/**
 * @param settings those of {@link interleave}, but `warm` is a number of calls; and `many`, the callers of the rows with more than one
 * @returns `samples` by figure, row, runtime and name; `missing`, what cannot run, and why
 */
export async function measureRequests({ context, ports, only }, { warm, many, ...settings }, say) {
  const missing = [];
  const stops = [];
  const lanes = [];
  const places = placesOf(ports, many);
  try {
    for (const runtime of runtimes) {
      if (only && !only.includes(runtime.name)) continue;
      const why = runtime.missing();
      if (why) {
        missing.push({ runtime: runtime.name, why });
        continue;
      }
      say(`calls: starting ${runtime.name}`);
      for (const file of runtime.contenders) {
        if (runtime.cannot[file]) missing.push({ runtime: runtime.name, name: file, why: runtime.cannot[file] });
        else lanes.push(...(await lanesOf(runtime, file, { context, places, warm, missing, stops })));
      }
    }
    // Row by row, so that contenders in one runtime are measured close together.
    lanes.sort((a, b) => Object.keys(ROWS).indexOf(a.row) - Object.keys(ROWS).indexOf(b.row));
    return { samples: await interleave(lanes, settings, (what) => say(`calls: ${what}, ${lanes.length} lanes`)), missing };
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}
