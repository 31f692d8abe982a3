// An error of another process, whose order is in another account than the one that is looked through.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const KINDS = {
  spot: [SpotClient, "call", "AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" }],
  futures: [FuturesClient, "post", "sendorder", { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 }],
};

/** An account, with a client. */
function open(product) {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product });
  return { exchange, key, secret, client: new KINDS[product][0]({ key, secret, fetch: exchange.fetch, retries: 0 }) };
}

/** Loses an order, and returns the error as another process gets it. */
async function lose({ exchange, client }, product, when) {
  const [, method, endpoint, order] = KINDS[product];
  exchange.inject({ fault: "reset", when, endpoint });
  const error = await client[method](endpoint, order, { deadline: 2500 }).catch((reason) => reason);
  return JSON.parse(JSON.stringify(error));
}

for (const product of Object.keys(KINDS))
  test(product, { concurrency: true, timeout: 30_000 }, async (t) => {
    const look = (client, error) => resolveOrder(client, error, { timeout: 8000, settle: 100 });
    await Promise.all([
      t.test("an order of another account is not said to be not placed", async () => {
        const error = await lose(open(product), product, "after");
        const { outcome, reason } = await look(open(product).client, error);
        assert.equal(outcome, "unknown");
        assert.match(reason, /^it was sent with the key that ends in \S{4}, and this client has another key$/);
      }),

      t.test("the same key says that it was not placed, also beside others", async () => {
        const account = open(product);
        const { exchange, key, secret } = account;
        const error = await lose(account, product, "before");
        const other = exchange.addKey({ product });
        const keys = [
          { key: other.key, secret: other.secret },
          { key, secret },
        ];
        for (const client of [account.client, new KINDS[product][0]({ keys, fetch: exchange.fetch })])
          assert.deepEqual(await look(client, error), { outcome: "not-placed" });
      }),
    ]);
  });
