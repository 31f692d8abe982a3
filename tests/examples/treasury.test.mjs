// The example of a treasury, as it stands, against the exchange.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Exchange } from "kraken-signer/testing";

const program = fileURLToPath(new URL("node/treasury.mjs", import.meta.url));

/** Runs the example. */
async function run(t, { prepare, environment = {}, write = ["query-funds", "withdraw-funds"] } = {}) {
  const withdrawAddresses = [
    { asset: "XBT", key: "cold", address: "bc1qcold", fee: "0.0001" },
    { asset: "XBT", key: "new", address: "bc1qnew", verified: false },
  ];
  const exchange = new Exchange({ withdrawAddresses, balances: { XXBT: "2.34567" } });
  const server = await exchange.listen();
  t.after(() => server.close());
  const [reader, writer] = [["query-funds"], write].map((permissions) => exchange.addKey({ permissions }));
  prepare?.(exchange);
  const env = {
    ...process.env,
    ...{ READ_KEY: reader.key, READ_SECRET: reader.secret, WRITE_KEY: writer.key, WRITE_SECRET: writer.secret },
    ...{ KRAKEN_URL: server.url, KEEP: "1", ADDRESS_NAME: "cold", ADDRESS: "bc1qcold" },
    ...environment,
  };
  const { code = 0, stdout, stderr } = await promisify(execFile)(process.execPath, [program], { env }).catch((error) => error);
  const withdrawals = exchange.executions.filter(({ write: isWrite }) => isWrite).map(({ did }) => did);
  return { code, stdout, stderr, withdrawals };
}

test("it withdraws the rest to the verified address", { timeout: 60_000 }, async (t) => {
  const { code, stdout, withdrawals } = await run(t);
  assert.equal(code, 0);
  assert.match(stdout, /^withdrew 1\.345 XBT as F\S+, fee 0\.0001000000\n$/);
  assert.deepEqual(withdrawals, ["withdrew 1.3450000000 XBT to cold"]);
});

test(
  "it withdraws nothing if there is no rest, a permission is missing, or the address is not verified",
  { timeout: 60_000 },
  async (t) => {
    const none = await run(t, { environment: { KEEP: "3" } });
    assert.deepEqual([none.code, none.withdrawals], [0, []]);
    const lacking = await run(t, { write: ["query-funds"] });
    assert.match(lacking.stderr, /Withdraw: the key lacks withdraw-funds\./);
    assert.deepEqual([lacking.code, lacking.withdrawals], [1, []]);
    const unverified = await run(t, { environment: { ADDRESS_NAME: "new", ADDRESS: "bc1qnew" } });
    assert.match(unverified.stderr, /^Nothing was withdrawn: The address "new" is not verified\./);
    assert.deepEqual([unverified.code, unverified.withdrawals], [1, []]);
  },
);

test("after a lost answer, it says where to look, and withdraws once", { timeout: 60_000 }, async (t) => {
  const { code, stderr, withdrawals } = await run(t, {
    prepare: (exchange) => exchange.inject({ fault: "reset", when: "after", endpoint: "Withdraw" }),
  });
  assert.match(stderr, /^Withdraw: the call may have been carried out\..*Look at WithdrawStatus/s);
  assert.deepEqual([code, withdrawals.length], [3, 1]);
});
