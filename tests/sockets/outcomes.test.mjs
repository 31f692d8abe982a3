// Every row of the table of outcomes that is about sockets.
import assert from "node:assert/strict";
import test from "node:test";
import { expectOutcome, rows } from "../outcomes/table.mjs";
import { address, FAST, LIMIT, SpotSocket } from "./helper.mjs";
import { opening } from "./scripted.mjs";

const PARAMS = {
  add_order: { ...LIMIT, cl_ord_id: "a" },
  amend_order: { cl_ord_id: "a", limit_price: 1 },
  edit_order: { order_id: "O", symbol: "BTC/USD" },
  cancel_order: { order_id: ["OAAAAA-BBBBB-CCCCCC"] },
  cancel_all: {},
  cancel_all_orders_after: { timeout: 60 },
  batch_add: { symbol: "BTC/USD", orders: [LIMIT, LIMIT] },
  batch_cancel: { orders: ["OAAAAA-BBBBB-CCCCCC"] },
};

test("every answer over a socket has the outcome of the table, and its method is sent once", async (t) => {
  const table = rows.filter(({ api }) => api === "socket");
  let answer;
  const server = opening((connection) => {
    connection.onsent = ({ req_id }) => setImmediate(() => connection.say({ ...answer, req_id }));
  });
  const client = { call: async () => ({ token: "t", expires: 900 }) };
  const socket = new SpotSocket({ client, url: address(), WebSocket: server.WebSocket, reconnect: FAST });
  t.after(() => socket.close());
  const wrong = [];
  for (const [place, row] of table.entries()) {
    answer = row.message;
    const problem = await expectOutcome(row, () => socket.call(row.endpoint, PARAMS[row.endpoint]));
    if (problem) wrong.push(`${JSON.stringify(row)}: ${problem}`);
    assert.equal(server.last().sent.length, place + 1);
  }
  assert.deepEqual(wrong, []);
  assert.ok(table.length >= 100);
  t.diagnostic(`${table.length} answers`);
});
