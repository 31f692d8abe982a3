// Lists of orders that lack something, spell something in another way, or change between two looks: none of them proves that an order is missing.
import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient, UnknownOutcomeError, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const SEPARATE = Symbol.for("kraken-signer.separate/1");
const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const { key, secret } = new Exchange().addKey();

/**
 * Sends an order whose answer is lost, and looks for it.
 *
 * @param shown - the order in a list, apart from its time
 * @param listed - whether a list has it, by the parameters of the call and by the number of the look
 * @param joined - whether another order like it is in the lists from the second look on
 */
async function fateOf({ params, shown, listed = () => true, arrives = true, joined = false }) {
  const placed = {};
  let looks = 0;
  const fetch = async (url, init) => {
    const answer = (result) => Response.json({ error: [], result });
    const asked = new URLSearchParams(await new Response(init?.body).text());
    if (/Time$/.test(url)) return answer({ unixtime: Math.floor(Date.now() / 1000) });
    if (/GetApiKeyInfo$/.test(url)) return answer({ permissions: ["query-closed-trades"] });
    if (/ClosedOrders$/.test(url)) return answer({ closed: {}, count: 0 });
    if (/OpenOrders$/.test(url)) {
      const open = listed(asked, ++looks) ? { ...placed } : {};
      if (joined && looks > 1) open["OXXXXX-YYYYY-ZZZZZZ"] = placed["OAAAAA-BBBBB-CCCCCC"];
      return answer({ open });
    }
    // A moment later, so that it was certainly opened since.
    if (arrives) placed["OAAAAA-BBBBB-CCCCCC"] = { opentm: Date.now() / 1000 + 0.5, vol: ORDER.volume, descr: ORDER, ...shown };
    throw new TypeError("the connection broke");
  };
  const separate = Object.assign(fetch, { [SEPARATE]: {} });
  const client = new SpotClient({ key, secret, fetch: separate, retries: 0, clientOrderIds: false });
  const error = await client.call("AddOrder", { ...ORDER, ...params }, { deadline: 2500 }).catch((reason) => reason);
  assert.ok(error instanceof UnknownOutcomeError, `${error?.stack}`);
  return resolveOrder(client, error, { timeout: 8000, settle: 50 });
}

test(
  "a userref that is no plain number is asked for as it was sent, because Kraken reads it in its own way",
  { concurrency: true },
  async (t) => {
    // This exchange reads the digits at the beginning, and takes 0 for no filter.
    const read = (text) => Number(/^\d*/.exec(text ?? "")[0]);
    const all = ["0x10", "1e3", " 7"].map((userref) =>
      t.test(JSON.stringify(userref), async () => {
        const own = read(userref);
        const listed = (asked) => [0, own].includes(read(asked.get("userref")));
        const { outcome, reason } = await fateOf({ params: { userref }, shown: { userref: own }, listed });
        assert.deepEqual([outcome, reason], ["unknown", "Kraken listed orders with another userref"]);
      }),
    );
    await Promise.all(all);
  },
);

test("a userref with zeros before it is asked for as a number", async () => {
  const listed = (asked) => asked.get("userref") === "7";
  assert.equal((await fateOf({ params: { userref: "0007" }, shown: { userref: 7 }, listed })).outcome, "placed");
});

test("a list may show more of an order with a userref: an id, or `None` for no order that it closes", { concurrency: true }, async (t) => {
  const all = [{ refid: "None" }, { refid: "" }, { cl_ord_id: "of-kraken" }].map((more) =>
    t.test(JSON.stringify(more), async () => {
      assert.equal((await fateOf({ params: { userref: 7 }, shown: { userref: 7, ...more } })).outcome, "placed");
    }),
  );
  await Promise.all(all);
});

test("an order without a name is not unplaced because a list shows less of it, or in another case", { concurrency: true }, async (t) => {
  const lists = {
    "the side was sent in capitals": { params: { type: "BUY" } },
    "the type was sent in capitals": { params: { ordertype: "Limit" } },
    "no pair": { shown: { descr: { ...ORDER, pair: undefined } } },
    "a pair that is null": { shown: { descr: { ...ORDER, pair: null } } },
    "a side that is null": { shown: { descr: { ...ORDER, type: null } } },
    "no description": { shown: { descr: null } },
  };
  const all = Object.entries(lists).map(([name, list]) =>
    t.test(name, async () => {
      const { outcome, reason } = await fateOf(list);
      assert.ok(outcome === "unknown" && /orders like it/.test(reason), `${outcome}: ${reason}`);
    }),
  );
  all.push(
    t.test("another order still proves nothing", async () => {
      assert.equal((await fateOf({ shown: { descr: { ...ORDER, type: "sell" } } })).outcome, "not-placed");
      assert.equal((await fateOf({ arrives: false })).outcome, "not-placed");
    }),
  );
  await Promise.all(all);
});

test("an order that one look has found is not unplaced because later looks miss it", { concurrency: true }, async (t) => {
  const names = { userref: 5, cl_ord_id: "order-7" };
  const all = Object.entries(names).map(([name, value]) =>
    t.test(name, async () => {
      const { outcome, reason } = await fateOf({ params: { [name]: value }, shown: { [name]: value }, listed: (_, look) => look === 1 });
      assert.ok(outcome === "unknown" && /OAAAAA-BBBBB-CCCCCC/.test(reason), `${outcome}: ${reason}`);
    }),
  );
  await Promise.all(all);
});

test("an order that one look has found, and later looks show beside another one like it, is not told as missing", async () => {
  const { outcome, reason } = await fateOf({ params: { userref: 5 }, shown: { userref: 5 }, joined: true });
  assert.deepEqual([outcome, reason], ["unknown", "orders like it were opened at that time: OAAAAA-BBBBB-CCCCCC, OXXXXX-YYYYY-ZZZZZZ"]);
});
