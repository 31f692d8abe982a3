// A `fetch` that follows redirects although the client asks it not to: the answer is another request's, and proves nothing about the one that was sent.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test, { after, before } from "node:test";
import { FuturesClient, SpotClient, UnknownOutcomeError } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import crossFetch from "cross-fetch";
import nodeFetch3 from "node-fetch";
import nodeFetch2 from "node-fetch2";
import { fetch as undiciFetch } from "undici";

const FETCHES = {
  "the runtime's": fetch,
  undici: undiciFetch,
  "node-fetch 3": nodeFetch3,
  "node-fetch 2": nodeFetch2,
  "cross-fetch": crossFetch,
};
const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };
const FUTURES_ORDER = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 30000 };

let exchange, simulated, elsewhere;
const answers = { count: 0, text: "{}" };
before(async () => {
  exchange = new Exchange();
  simulated = await exchange.listen();
  elsewhere = createServer((request, response) => {
    answers.count++;
    request.resume().on("end", () => response.end(answers.text));
  }).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
});
after(async () => {
  await simulated.close();
  elsewhere.closeAllConnections();
  elsewhere.close();
});

/** A failure of an order after which nothing is known, which says why. */
const isUnknown = (error) => {
  assert.ok(error instanceof UnknownOutcomeError, `${error}`);
  assert.match(`${error.cause.cause}`, /redirect/);
  return true;
};

for (const [name, send] of Object.entries(FETCHES)) {
  const following = (url, init) => send(url, { ...init, redirect: "follow" });
  const client = (Client, more) => {
    const { key, secret } = exchange.addKey({ product: Client === SpotClient ? "spot" : "futures" });
    return new Client({ key, secret, baseUrl: simulated.url, fetch: following, retries: 0, ...more });
  };

  test(`${name}: an order that was placed before a redirect is not called rejected`, async () => {
    const kraken = client(SpotClient);
    const before = exchange.executions.length;
    // The order is placed, and its copy at the target of the redirect is rejected for its nonce.
    exchange.inject({ fault: "redirect", when: "after", status: 307, to: simulated.url });
    await assert.rejects(kraken.call("AddOrder", ORDER), isUnknown);
    assert.equal(exchange.executions.length, before + 1);
  });

  test(`${name}: what another server says after a redirect neither places nor rejects an order`, async () => {
    const { port } = elsewhere.address();
    for (const [Client, endpoint, order, texts] of [
      [
        SpotClient,
        "AddOrder",
        ORDER,
        ['{"error":["EOrder:Insufficient funds"]}', '{"error":[],"result":{"txid":["OAAAAA-BBBBB-CCCCCC"]}}'],
      ],
      [
        FuturesClient,
        "sendorder",
        FUTURES_ORDER,
        [
          '{"result":"error","error":"insufficientAvailableFunds"}',
          '{"result":"success","sendStatus":{"order_id":"179f9af8-e45e-469d-b3e9-2fd4675cb7d0","status":"placed","orderEvents":[]}}',
        ],
      ],
    ])
      for (const text of texts) {
        answers.text = text;
        const before = answers.count;
        exchange.inject({ fault: "redirect", status: 303, to: `http://127.0.0.1:${port}` });
        const kraken = client(Client);
        await assert.rejects(Client === SpotClient ? kraken.call(endpoint, order) : kraken.post(endpoint, order), isUnknown);
        assert.equal(answers.count, before + 1, "the redirect was followed");
      }
  });

  test(`${name}: a redirected answer of a call that changes nothing is none, so that it is asked for again`, async () => {
    answers.text = '{"error":[],"result":{"ZUSD":"1"}}';
    exchange.inject({ fault: "redirect", status: 303, to: `http://127.0.0.1:${elsewhere.address().port}` });
    const balance = await client(SpotClient, { retries: 1 }).call("Balance");
    assert.notDeepEqual(balance, { ZUSD: "1" });
    exchange.inject({ fault: "redirect", status: 303, to: `http://127.0.0.1:${elsewhere.address().port}` });
    await assert.rejects(client(SpotClient).call("Balance"), (error) => error.name === "NetworkError" && /redirect/.test(error.cause));
  });
}
