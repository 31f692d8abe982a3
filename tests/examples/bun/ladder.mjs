// Places a ladder of bids, all in one request: bun ladder.mjs XBTUSD 0.1 37500 37000 36500
import { ApiError, SpotClient, UnknownOutcomeError } from "kraken-signer";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: baseUrl } = Bun.env;
const kraken = new SpotClient({ key, secret, baseUrl });

const [pair, volume, ...prices] = Bun.argv.slice(2);
// One number for the whole ladder: to look it up by, and to cancel it with.
const userref = crypto.getRandomValues(new Uint32Array(1))[0] >>> 1;
const orders = prices.map((price) => ({ type: "buy", ordertype: "limit", price, volume, userref }));
try {
  const result = await kraken.call("AddOrderBatch", { pair, orders });
  for (const { txid, descr } of result.orders) console.log(txid, descr.order);
} catch (error) {
  if (error instanceof ApiError && error.result) {
    // Some rungs were refused, and the others stand.
    for (const row of error.result.orders) console.log(row.txid ?? "refused", row.error ?? row.descr.order);
  } else if (error instanceof UnknownOutcomeError) {
    // It reached Kraken or not, and nobody can say which: look before anything else.
    const { open } = await kraken.call("OpenOrders", { userref });
    console.log(`no answer; ${Object.keys(open).length} of ${orders.length} are open`);
    for (const [txid, { descr }] of Object.entries(open)) console.log(txid, descr.order);
  } else throw error;
  process.exitCode = 1;
}
kraken.close();
