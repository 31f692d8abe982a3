// The Futures feeds about wallets. Their shapes are those of Crypto Facilities' documentation, with numbers of our own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { authent, Exchange, Futures, Spot, until } from "./helper.mjs";

const NOW = Date.UTC(2025, 6, 7, 10, 0, 30);

async function setUp(t) {
  const clock = { now: NOW };
  const exchange = new Exchange({ now: () => clock.now, sockets: { heartbeat: Infinity } });
  const key = exchange.addKey({ product: "futures" });
  const client = new Futures(key, exchange.fetch);
  const spot = new Spot(exchange.addKey(), exchange.fetch);
  const socket = new exchange.WebSocket("wss://futures.kraken.com/ws/v1");
  t.after(() => socket.close());
  const got = [];
  socket.onmessage = ({ data }) => got.push(JSON.parse(data));
  await until(() => got.length === 1);
  socket.send(JSON.stringify({ event: "challenge", api_key: key.key }));
  await until(() => got.length === 2);
  const original_challenge = got[1].message;
  const signed_challenge = authent(key.secret, original_challenge, "", "");
  const subscribe = (feed) =>
    socket.send(JSON.stringify({ event: "subscribe", feed, api_key: key.key, original_challenge, signed_challenge }));
  const of = (feed) => got.filter((message) => message.feed === feed && !message.event);
  const last = async (feed, count) => {
    await until(() => of(feed).length === count);
    return of(feed)[count - 1];
  };
  return { clock, exchange, client, spot, socket, subscribe, of, last, got };
}

const none = { pnl: 0, funding: 0, im: 0, mm: 0 };

test("account_balances_and_margins: at first, and whenever money moves, as accounts has it", async (t) => {
  const { client, spot, subscribe, last } = await setUp(t);
  const feed = "account_balances_and_margins";
  subscribe(feed);
  const { account, ...first } = await last(feed, 1);
  assert.match(account, /^[0-9a-f-]{36}$/);
  assert.deepEqual(first, {
    feed,
    margin_accounts: [
      { name: "usd", balance: 1_000_000, ...none, pv: 0, am: 0 },
      { name: "xbt", balance: 100, ...none, pv: 0, am: 0 },
      { name: "flex", balance: 1_000_000, ...none, pv: 1_000_000, am: 1_000_000 },
    ],
    seq: 1,
  });
  const moves = [
    () => spot.call("WalletTransfer", { asset: "XBT", from: "Spot Wallet", to: "Futures Wallet", amount: "0.5" }),
    () => client.call("POST", "withdrawal", { currency: "USD", amount: "250.25" }),
    () => client.call("POST", "transfer", { fromAccount: "cash", toAccount: "flex", unit: "usd", amount: "1000" }),
    () => client.call("POST", "sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: "0.1" }),
  ];
  for (const [i, move] of moves.entries()) {
    await move();
    const { margin_accounts, seq } = await last(feed, i + 2);
    const { accounts } = await client.call("GET", "accounts");
    assert.equal(seq, i + 2);
    const balances = Object.fromEntries(margin_accounts.map(({ name, balance }) => [name, balance]));
    assert.deepEqual(balances, { ...accounts.cash.balances, flex: accounts.flex.currencies.USD.quantity });
  }
});

test("deposits_withdrawals: what came from the Spot wallet, and what goes there", async (t) => {
  const { clock, client, spot, subscribe, last, of } = await setUp(t);
  const feed = "deposits_withdrawals";
  const toFutures = { asset: "XBT", from: "Spot Wallet", to: "Futures Wallet", amount: "0.5" };
  assert.deepEqual((await spot.call("WalletTransfer", toFutures)).error, []);
  subscribe(feed);
  const before = await last(feed, 1);
  assert.deepEqual(before, {
    feed,
    elements: [
      {
        uid: before.elements[0].uid,
        time: "2025-07-07T10:00:30.000Z",
        amount: 0.5,
        unit: "XBT",
        receiving_address: "futures",
        status: "processed",
        confirmations: 0,
        tx_reference: before.elements[0].uid,
      },
    ],
  });
  clock.now += 1000;
  const { uid } = await client.call("POST", "withdrawal", { currency: "usd", amount: "250.25" });
  const { elements } = await last(feed, 2);
  assert.deepEqual(
    elements.map(({ uid, time, amount, unit, receiving_address }) => [uid, time, amount, unit, receiving_address]),
    [[uid, "2025-07-07T10:00:31.000Z", 250.25, "USD", "spot"]],
  );
  await client.call("POST", "transfer", { fromAccount: "cash", toAccount: "flex", unit: "usd", amount: "1" });
  assert.equal(of(feed).length, 2, "a transfer between wallets is neither");
});
