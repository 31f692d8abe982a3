// Takes every contender in every runtime through every row. Refuses whoever makes something else than what has to come out.
import { check, rows } from "./rows.mjs";

/** By the names of their files. Each has a process of its own in each runtime: together in one, they slowed each other down. */
const CONTENDERS = [
  "kraken-signer",
  "spot-client",
  "node-crypto",
  "webcrypto",
  "noble",
  "hash-wasm",
  "node-kraken-api",
  "kraken-api",
  "ccxt",
  "otpauth",
  "breakdown",
];

/** A clock is believed when it has moved on this often. */
const TICKS = 20;

/**
 * Measures in rounds: in each, every contender in every runtime has one short batch, in an order that shifts from round to round, so that
 * whatever the machine does besides hits all alike. While one works, the others wait for their command.
 *
 * @param runtimes as in runtimes.mjs
 * @param settings `warm` and `batch` in milliseconds, `rounds`, `folder` for bundles
 * @returns `samples`: nanoseconds by row, runtime and contender, one for each round; `missing`: why a contender, or a runtime, cannot take part
 */
export async function measure(runtimes, { warm, batch, rounds, folder }, say = () => {}) {
  const stations = [];
  const samples = {};
  const missing = [];
  try {
    const open = Object.fromEntries(Object.entries(rows).map(([row, { shared, inputs }]) => [row, { ...shared, inputs }]));
    for (const runtime of runtimes) {
      const why = runtime.missing();
      if (why) {
        missing.push({ runtime: runtime.name, why });
        continue;
      }
      for (const contender of runtime.contenders ?? CONTENDERS) {
        const { ask, stop } = await runtime.start(folder, contender);
        const station = { runtime: runtime.name, ask, stop };
        stations.push(station);
        Object.assign(station, await ask({ open }));
        const able = Object.values(station.rows).some((opened) => Object.values(opened).some(({ outputs }) => outputs));
        if (!able) await stop();
      }
    }
    for (const row of Object.keys(rows)) {
      say(rows[row].title);
      const lanes = [];
      for (const { ask, runtime, tick, rows: opened } of stations) {
        for (const [name, { outputs, missing: why }] of Object.entries(opened[row] ?? {})) {
          if (why) missing.push({ row, runtime, name, why });
          else {
            outputs.forEach((output, index) => check(row, name, index, output));
            if (outputs.length !== rows[row].inputs.length) throw new Error(`${name} has left out inputs`);
            lanes.push({ ask, runtime, name, least: TICKS * tick });
          }
        }
      }
      const run = async ({ ask, name, least }, milliseconds) => {
        const order = { row, name, milliseconds: Math.max(milliseconds, least) };
        const { count, nanoseconds, index, output } = await ask({ batch: order });
        check(row, name, index, output);
        return nanoseconds / count;
      };
      samples[row] = {};
      for (const lane of lanes) {
        await run(lane, warm);
        // The first batch has found out how many fit into a chunk.
        await run(lane, warm);
        (samples[row][lane.runtime] ??= {})[lane.name] = [];
      }
      for (let round = 0; round < rounds; round += 1) {
        for (let turn = 0; turn < lanes.length; turn += 1) {
          const lane = lanes[(turn + round) % lanes.length];
          samples[row][lane.runtime][lane.name].push(await run(lane, batch));
        }
      }
    }
  } finally {
    await Promise.all(stations.map(({ stop }) => stop()));
  }
  return { samples, missing };
}
