// Every exit code, with what is said beside it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOrderId } from "kraken-signer";
import { base, exchange, json, key, pathWithProgram, run } from "./helper.mjs";

const { env } = key({ name: "bot" });
const futures = key({ product: "futures" });
const both = { env: { ...env, ...futures.env } };
const order = ["pair=XBTUSD", "type=buy", "ordertype=limit", "price=37500", "volume=0.1"];
const sendorder = [
  "call",
  "sendorder",
  "--futures",
  "orderType=lmt",
  "symbol=PF_XBTUSD",
  "side=buy",
  "size=1",
  "limitPrice=30000",
  "--yes",
];
const nothingSent = async (work) => {
  const before = exchange.requests.length;
  const result = await work();
  assert.equal(exchange.requests.length, before, "nothing was sent");
  return result;
};
/** Nobody can find out about orders while this lasts. */
const blind = (endpoint) => exchange.inject({ fault: "error", error: "EGeneral:Permission denied", endpoint, times: 100 });

describe("exit codes", () => {
  test("1: a rejection is reported with a hint", async () => {
    const { env } = key({ otp: {} });
    delete env.KRAKEN_OTP_SETUP_KEY;
    const { code, out, err } = await run(["call", "Balance", ...base], { env });
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^kraken-signer: Balance was rejected: EAPI:Invalid signature\n.*two-factor.*--ask-otp/);
    const { error } = await json(["call", "Balance", ...base], { env });
    assert.deepEqual([error.code, error.kind, error.errors], ["ERR_API", "signature", ["EAPI:Invalid signature"]]);
  });

  test("1: a partial rejection is reported with the outcome of each row", async () => {
    const row = { type: "buy", ordertype: "limit", price: "2", volume: "1" };
    const input = JSON.stringify({ pair: "XBTUSD", orders: [row, { ...row, volume: "0.00000001" }] });
    const { code, err } = await run(["call", "AddOrderBatch", "--params", "-", "--yes", ...base], { env, input });
    assert.equal(code, 1);
    assert.match(err, /AddOrderBatch was rejected in part: EOrder[^]+carried out[^]+txid +O/);
    const { error } = await json(["call", "AddOrderBatch", "--params", "-", "--yes", ...base], { env, input });
    assert.equal(error.result.orders.length, 2);
  });

  test("2: wrong input is refused before anything is sent", async () => {
    const lines = [
      [["unheardof"], /Unknown command/],
      [["call"], /takes <Endpoint/],
      [["check", "x"], /options only/],
      [["sign", "Balance", "--nonce", "1.5"], /whole number/],
      [["call", "balance"], /Unknown endpoint "balance". Did you mean "Balance"/],
      [["call", "sendorder"], /--futures/],
      [["call", "Balance", "x"], /name=value/],
      [["call", "Balance", "nonce=1"], /nonce/],
      [["call", "Balance", "--method", "PUT"], /POST/],
      [["call", "Balance", "--unit", "s"], /one of ms, us, ns/],
      [["call", "Balance", "--timeout", "soon"], /seconds/],
      [["call", "Balance", "--timeout"], /--timeout SECONDS/],
      [["call", "Balance", "--params", "--json"], /--params FILE/],
      [["call", "Balance", "--yes=no"], /no value/],
      [["call", "Balance", "--unit", "ms", "--unit", "ns"], /twice/],
      [["call", "Balance", "--unheard-of"], /no --unheard-of/],
      [["call", "Balance", "--params", "missing.json"], /ENOENT/],
      [["call", "Balance", "--base-url", "http://example.com"], /https/],
      [["call", "Balance", "--ask-otp"], /terminal/],
      [["nonce", "--explain", "soon"], /expected digits, .* got "soon"/],
      [["totp", "--watch"], /terminal/],
      [["completion", "tcsh"], /bash, zsh, fish/],
      [["call", "Balance", "--output", "x"], /--output is only for answers that are files/],
      [["call", "RetrieveExport", "id=1", "--output", "missing/x"], /missing cannot be written to \(ENOENT\)/],
    ];
    const endings = await nothingSent(() => Promise.all(lines.map(([args]) => run(args, { env }))));
    endings.forEach(({ code, out, err }, index) => {
      const [args, said] = lines[index];
      assert.deepEqual([args.join(" "), code, out], [args.join(" "), 2, ""]);
      assert.match(err, said);
    });
    const { code, error } = await json(["call", "Balance", ...base]);
    assert.deepEqual([code, error.code], [2, "ERR_USAGE"]);
    assert.match(error.message, /KRAKEN_KEY/);
  });

  test("3: an unknown outcome names commands that find the order", async () => {
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    blind("OpenOrders");
    const id = clientOrderId();
    const { code, out, err } = await run(["call", "AddOrder", ...order, `cl_ord_id=${id}`, "--yes", ...base], { env });
    exchange.clearFaults();
    assert.equal(code, 3, err);
    assert.equal(out, "");
    assert.match(
      err,
      /^UNKNOWN OUTCOME: AddOrder.*\nwhy .*(ECONNRESET|other side).*\nnot found out .*Permission denied.*\nnonce +\d{13}\n/,
    );
    assert.match(err, new RegExp(`client order id +${id}\\ndeadline +20`));
    const look = [...err.matchAll(/^ {2}(kraken-signer call .+)$/gm)].map(([, line]) => line);
    assert.equal(look.length, 3);
    const shell = await run(["-c", `${look[0]} ${base.join(" ")} --json`], { runtime: ["bash"], env: { ...env, PATH: pathWithProgram } });
    const [found] = Object.values(JSON.parse(shell.out).open);
    assert.equal(found.cl_ord_id, id);
  });

  test("3: an unknown outcome of a batch names every id, also for Futures", async () => {
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrderBatch" });
    blind("OpenOrders");
    const ids = [clientOrderId(), clientOrderId()];
    const orders = ids.map((id) => ({ type: "buy", ordertype: "limit", price: "2", volume: "1", cl_ord_id: id }));
    const args = ["call", "AddOrderBatch", "--params", "-", "--yes", ...base];
    const batch = await json(args, { env, input: JSON.stringify({ pair: "XBTUSD", orders }) });
    exchange.clearFaults();
    assert.deepEqual([batch.code, batch.error.clientOrderIds], [3, ids]);
    assert.deepEqual(
      batch.error.look.slice(0, 2),
      ids.map((id) => `kraken-signer call OpenOrders cl_ord_id=${id}`),
    );

    exchange.inject({ fault: "reset", when: "after", endpoint: "sendorder" });
    exchange.inject({ fault: "error", error: "insufficientPrivileges", endpoint: "openorders", times: 100 });
    const { code, error } = await json([...sendorder, ...base], both);
    exchange.clearFaults();
    assert.equal(code, 3);
    assert.match(error.clientOrderId, /^[\da-f-]{36}$/);
    assert.match(error.reason, /insufficientPrivileges/);
    assert.match(error.look[0], /openorders --futures$/);
  });

  test("3: calls that place no order are neither looked for nor sent twice", async () => {
    exchange.inject({ fault: "reset", when: "before", endpoint: "Withdraw" });
    const before = exchange.requests.length;
    const { error, code } = await json(["call", "Withdraw", "asset=XBT", "key=x", "amount=1", "--yes", ...base], { env });
    assert.equal(code, 3);
    assert.match(error.nonce, /^\d{13}$/);
    assert.equal(error.look[0], "kraken-signer call WithdrawStatus");
    assert.equal(exchange.requests.length, before + 1);
  });

  test("4: no answer, or an unreadable answer, to a read", async () => {
    exchange.inject({ fault: "html", when: "before", status: 502, endpoint: "Balance", times: 3 });
    const { code, error } = await json(["call", "Balance", ...base], { env });
    assert.deepEqual([code, error.code, error.status], [4, "ERR_HTTP", 502]);
    exchange.clearFaults();
    exchange.inject({ fault: "delay", when: "after", ms: 10_000, endpoint: "Balance" });
    const late = await run(["call", "Balance", "--timeout", "0.5", ...base], { env });
    assert.equal(late.code, 4);
    assert.match(late.err, /no answer within 500 ms/);
    const nobody = await json(["call", "Balance", "--timeout", "20", "--base-url", "http://127.0.0.1:1"], { env });
    assert.equal(nobody.code, 4);
  });

  test("70: a bug is reported by its place, without data", async () => {
    const broken = "--import=data:text/javascript,Date.now=()=>{throw(new(Error)(process.env.KRAKEN_SECRET))}";
    const { code, error } = await json(["sign", "Balance", ...base], { env: { ...env, NODE_OPTIONS: broken } });
    assert.deepEqual([code, error.code], [70, "ERR_INTERNAL"]);
  });
});

describe("orders of unknown outcome", () => {
  const placed = (endpoint) => exchange.executions.filter((one) => one.endpoint === endpoint).length;

  test("0: an answer proves that the order was placed, with an id and a deadline", async () => {
    const { code, result } = await json(["call", "AddOrder", ...order, "--yes", ...base], { env });
    const { params } = exchange.executions.at(-1);
    assert.deepEqual([code, result.found, result.orderId, result.clientOrderId], [0, false, result.details.txid[0], params.cl_ord_id]);
    assert.ok(Date.parse(params.deadline) > Date.now());
  });

  for (const when of ["before", "after"])
    test(`0: if the answer is lost ${when} the order is placed, the order is placed exactly once`, async () => {
      const before = placed("AddOrder");
      exchange.inject({ fault: "reset", when, endpoint: "AddOrder" });
      const { code, out, err } = await run(["call", "AddOrder", ...order, "--yes", ...base], { env });
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, /^orderId +O[\w-]+\nclientOrderId +[\da-f-]{36}\n/);
      assert.equal(placed("AddOrder"), before + 1);
    });

  test("0: Futures orders, and Spot orders as JSON, are placed", async () => {
    const before = placed("sendorder");
    exchange.inject({ fault: "reset", when: "after", endpoint: "sendorder" });
    const { code, result } = await json([...sendorder, ...base], both);
    assert.deepEqual([code, result.found, placed("sendorder")], [0, true, before + 1]);
    assert.equal((await json(["call", "AddOrder", ...order, "--send-json", "--yes", ...base], { env })).code, 0);
    assert.match(exchange.requests.at(-1).body, /^\{"nonce":/);
  });

  test("0: all orders of a batch were found", async () => {
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrderBatch" });
    const orders = ["2", "3"].map((price) => ({ type: "buy", ordertype: "limit", price, volume: "1" }));
    const input = JSON.stringify({ pair: "XBTUSD", orders });
    const { code, result } = await json(["call", "AddOrderBatch", "--params", "-", "--yes", ...base], { env, input });
    assert.deepEqual([code, result.found, result.orders.length], [0, true, 2]);
  });

  test("4: no order of a batch was placed, and none can be placed any more", async () => {
    exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrderBatch" });
    const row = { type: "buy", ordertype: "limit", price: "2", volume: "1" };
    const input = JSON.stringify({ pair: "XBTUSD", orders: [row, row] });
    const { code, error } = await json(["call", "AddOrderBatch", "--params", "-", "--yes", ...base], { env, input });
    assert.deepEqual([code, error.code], [4, "ERR_NETWORK"]);
  });

  test("1: Kraken rejected the order", async () => {
    const { code, error } = await json(["call", "AddOrder", ...order.slice(0, 4), "volume=0.00000001", "--yes", ...base], { env });
    assert.deepEqual([code, error.code, error.kind], [1, "ERR_API", "order"]);
  });

  test("an order that is only validated is an ordinary call", async () => {
    const before = exchange.requests.length;
    const { code, result } = await json(["call", "AddOrder", ...order, "validate=true", "--yes", ...base], { env });
    assert.deepEqual([code, Object.keys(result)], [0, ["descr"]]);
    assert.equal(exchange.requests.length, before + 1);
    assert.ok(!exchange.requests.at(-1).body.includes("deadline"));
  });
});
