// A message on its way from a socket to its reader: processor time, beside the least that reads one; and the books of a hundred symbols.
import { fileURLToPath } from "node:url";
import { interleave } from "./interleave.mjs";
import { runtimes } from "./runtimes.mjs";

const program = fileURLToPath(new URL("programs/reader.mjs", import.meta.url));

/** The ways to read, as in readers.mjs, with the channel that is read. */
export const SOCKET_ROWS = {
  message: {
    title: "A message of a socket, to its reader",
    channel: "ticker",
    names: ["event and JSON.parse", "event, JSON.parse and for await", "kraken-signer"],
  },
  books: {
    title: "An update of one of 100 order books",
    channel: "book",
    names: ["event, JSON.parse and Map.set", "kraken-signer, OrderBook"],
  },
};
const WORKERS = "a socket outlives the request that has opened it only in a Durable Object";
/** Messages of a batch, by its milliseconds: about as many as are read in that time. */
const PER_MILLISECOND = 50;

/** A reader in a process of its own, and the lane in which it works. */
async function laneOf(runtime, row, name, { context, server, stops }) {
  const { ask, stop } = await runtime.start(context, "", program);
  stops.push(stop);
  const socket = `${runtime.name}, ${row}, ${name}`.replace(/\W/g, "-");
  await ask({ open: { row, name, urls: [`ws://127.0.0.1:${server.ports.http}/${socket}`] } });
  const { channel } = SOCKET_ROWS[row];
  const said = { from: 0 };
  const run = async (milliseconds) => {
    const count = milliseconds * PER_MILLISECOND;
    await ask({ expect: count });
    server.send({ say: { socket, channel, from: said.from, count } });
    said.from += count;
    const { processor } = await ask({ finish: true });
    return { processor: (processor * 1000) / count };
  };
  return { row, runtime: runtime.name, name, run };
}

export async function measureSockets({ context, server, only }, settings, say) {
  const missing = [];
  const stops = [];
  const lanes = [];
  try {
    for (const runtime of runtimes) {
      if ((only && !only.includes(runtime.name)) || runtime.missing()) continue;
      if (!runtime.binary) {
        missing.push({ row: "message", runtime: runtime.name, name: "everything about sockets", why: WORKERS });
        continue;
      }
      for (const [row, { names }] of Object.entries(SOCKET_ROWS))
        for (const name of names) lanes.push(await laneOf(runtime, row, name, { context, server, stops }));
    }
    return { samples: await interleave(lanes, settings, (what) => say(`sockets: ${what}, ${lanes.length} lanes`)), missing };
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}
