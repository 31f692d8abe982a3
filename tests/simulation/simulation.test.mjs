// A world in a seed, a hundred thousand times. Another number: `cargo xtask worlds N`. One again: node tests/simulation/replay.mjs SEED
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { TRANSPORTS } from "./certainty.mjs";
import { measureMany, runMany } from "./pool.mjs";
import { simulatedVersion } from "./version.mjs";

const WORLDS = Number(process.env.SIMULATION_WORLDS ?? 100_000);
const FIRST = Number(process.env.SIMULATION_FIRST ?? 1);

const WRITES = [
  ...["AddOrder", "AddOrderBatch", "CancelOrder", "CancelAll", "AmendOrder", "Withdraw"],
  ...["sendorder", "batchorder", "cancelallorders", "add_order", "cancel_all"],
];

const listed = (counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");

test(`${WORLDS} simulated runs: nothing runs twice, every outcome is true, nothing waits forever, nothing leaks`, async (t) => {
  const { worlds, counts, failed } = await runMany(FIRST, WORLDS, (done) => {
    if (WORLDS > 1_000_000) console.error(`${done} worlds`);
  });
  t.diagnostic(`${worlds} worlds from seed ${FIRST}, version ${simulatedVersion()}: ${listed(counts)}`);
  const told = failed.map(({ seed, kind, broken }) => `seed ${seed} (${kind}): ${broken.slice(0, 3).join("; ")}`);
  assert.deepEqual(told, [], "node tests/simulation/replay.mjs SEED shows all of one world");
  assert.equal(worlds, WORLDS);
  // The worlds are no idyll: each kind of outcome and trouble is there many times. And what changes something often succeeds: a parameter that the
  // client no longer accepts would otherwise take a whole kind of call out of all worlds.
  assert.deepEqual(
    WRITES.filter((name) => !(counts[`${name} done`] > 0)),
    [],
  );
  for (const [name, count] of Object.entries(counts))
    assert.ok(count > worlds / (name.endsWith(" done") ? 1000 : 100), `${count} ${name} in ${worlds} worlds`);
});

for (const transport of Object.keys(TRANSPORTS)) {
  test(`10,000 orders through a transport (${transport}): none runs twice, and every outcome is reported correctly`, async (t) => {
    const measured = await measureMany(transport, [0.01, 0.05, 0.2, 0.5], 10_000);
    for (const { often, orders, placed, notPlaced, unknown, requests, doubled, broken } of measured) {
      const certain = 1 - unknown / orders;
      t.diagnostic(
        `${100 * often} %: ${orders} orders, ${placed} placed, ${notPlaced} not placed, ${unknown} unknown: ` +
          `${(100 * certain).toFixed(2)} % certain (${requests} requests, ${doubled} doubled)`,
      );
      assert.deepEqual(broken.slice(0, 5), []);
      assert.equal(orders, 10_000);
      assert.ok(doubled > (requests * often) / 2, "requests were doubled");
      if (often <= 0.05) assert.ok(certain >= 0.99, `${certain} certain`);
    }
  });
}

test("the guards that mutants.mjs takes out are in the package as it lists them", () => {
  const mutants = fileURLToPath(new URL("mutants.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [mutants, "--texts"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
});
