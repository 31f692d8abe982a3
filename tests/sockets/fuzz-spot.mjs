// The Spot socket in a world that lies.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { SpotSocket } from "kraken-signer/sockets";
import { World } from "./fuzz-world.mjs";

const TRADES = /^(add_order|amend_order|cancel_order|cancel_all|batch_add)$/;
const isTokens = ({ error }) => typeof error === "string" && /^(ESession:|EAPI:\s*Invalid token|Token)/.test(error);
const absent = (value) => value === undefined || value === null;

export class SpotWorld extends World {
  static counts = [...World.steps, "trade done", "trade refused", "trade unknown", "trade unsent", "renewed", "recovered", "ended"];
  path = "/v2";

  make(options) {
    let tokens = 0;
    const { chances } = this;
    const call = async () => {
      const draw = chances.next();
      if (draw > 0.97) return new Promise(() => {});
      if (draw > 0.94) throw new Error("no token");
      if (draw > 0.7) await new Promise((resolve) => setImmediate(resolve));
      return { token: `t${++tokens}`, expires: 900 };
    };
    return new SpotSocket({ client: { call }, ...options });
  }

  act() {
    const { socket, chances } = this;
    const mark = ++this.mark;
    const timeout = 5 + chances.below(40);
    const id = (n) => `O${mark}-${n}`;
    const order = (n) => ({ side: "buy", order_type: "limit", order_qty: 1, cl_ord_id: id(n) });
    const trade = (method, params) => this.keep({ kind: "trade", method, mark }, socket.call(method, { ...params, mark }, { timeout }));
    chances.pick([
      () => trade("add_order", { symbol: "BTC/USD", ...order(0) }),
      () => trade("add_order", { symbol: "BTC/USD", ...order(0) }),
      () => trade("amend_order", { cl_ord_id: id(0), order_qty: 2 }),
      () => trade("cancel_order", { order_id: [id(0)] }),
      () => trade("cancel_order", { order_id: [id(0), id(1), id(2)] }),
      () => trade("cancel_all", {}),
      () => trade("batch_add", { symbol: "BTC/USD", orders: [order(0), order(1)] }),
      () => this.keep({ kind: "ping" }, socket.ping({ timeout })),
      () => this.keep({ kind: "subscribe", mark }, socket.subscribe(chances.pick(["executions", "balances"]), { mark }, { timeout })),
      () => this.keep({ kind: "subscribe", mark }, socket.subscribe("ticker", { symbol: ["BTC/USD", "ETH/USD"], mark }, { timeout })),
      () => this.keep({ kind: "unsubscribe" }, socket.unsubscribe("ticker", { symbol: ["ETH/USD"] }, { timeout })),
      () => this.keep({ kind: "unsubscribe" }, socket.unsubscribe("executions", {}, { timeout })),
    ])();
  }

  probe() {
    return this.socket.ping({ timeout: 100 });
  }

  step(connection) {
    const methods = this.recent(connection).map(({ message }) => message.method);
    if (methods.some((method) => TRADES.test(method))) return "inflight";
    if (methods.includes("subscribe")) return connection.number > 1 ? "resubscribing" : "subscribing";
    return "idle";
  }

  /** The right answers to a message, or a refusal. */
  answers(connection, { method, req_id, params = {} }) {
    const { chances } = this;
    const one = (rest) => ({ method, req_id, success: true, ...rest, time_in: "2026-11-28T00:00:00.000Z" });
    if (method === "ping") return [{ method: "pong", req_id }];
    if (chances.chance(0.2)) {
      const errors = [
        "EOrder:Insufficient funds",
        "EOrder:Unknown order",
        "EGeneral:Permission denied",
        "EService:Busy",
        "EOrder:Something new",
        "ESession:Invalid session",
        "EAPI:Invalid token",
      ];
      return [{ method, req_id, success: false, error: chances.pick(errors) }];
    }
    if (method === "cancel_order") return params.order_id.map((order_id) => one({ result: { order_id } }));
    if (method === "batch_add") return [one({ result: params.orders.map(({ cl_ord_id }) => ({ order_id: `X${cl_ord_id}`, cl_ord_id })) })];
    if (TRADES.test(method)) return [one({ result: { order_id: "X", cl_ord_id: params.cl_ord_id } })];
    return (params.symbol ?? [undefined]).map((symbol) => one({ result: { channel: params.channel, symbol } }));
  }

  /** A valid message that fits this moment. */
  template(connection) {
    const { chances } = this;
    const { message } = chances.pick(this.recent(connection).concat({ message: { method: "ping", req_id: 1 } }));
    return chances.pick([
      ...Array.from({ length: 6 }, () => () => chances.pick(this.answers(connection, message))),
      () => ({ channel: "executions", type: chances.pick(["snapshot", "update"]), sequence: chances.below(5), data: [{ order_id: "X" }] }),
      () => ({ channel: "ticker", type: "update", data: [{ symbol: "BTC/USD", last: 1 }] }),
      () => ({ channel: "heartbeat" }),
      () => ({ success: false, error: "ESession:Invalid session" }),
      () => ({ method: "subscribe", success: false, error: "EService:Unavailable" }),
    ])();
  }

  /** Whether the answers to a message prove that it was carried out. */
  isProven(send) {
    const { method, req_id, params = {} } = send.message;
    const own = this.after(send).filter((one) => one.req_id === req_id);
    if (method === "subscribe") {
      const good = own.filter(
        (one) => one.method === method && (one.success === true || (typeof one.error === "string" && /already/i.test(one.error))),
      );
      return good.length >= (params.symbol?.length ?? 1);
    }
    const good = own.filter((one) => one.method === method && one.success === true && absent(one.error));
    if (method === "cancel_order" && params.order_id.length > 1)
      return params.order_id.every((id) => good.some(({ result }) => result?.order_id === id));
    const rows = ({ result }) => Array.isArray(result) && result.length === 2 && result.every((row) => row && absent(row.error));
    return good.some((one) => (method === "batch_add" ? rows(one) : true));
  }

  isRefused(send) {
    const own = this.after(send).filter(({ req_id, method }) => req_id === send.message.req_id && method === send.message.method);
    return own.some(
      ({ success, error, result }) =>
        (success === false && typeof error === "string") || (Array.isArray(result) && result.some((row) => typeof row?.error === "string")),
    );
  }

  isTokenRefused(send) {
    return this.after(send).some((one) => one.req_id === send.message.req_id && one.success === false && isTokens(one));
  }

  judge(call) {
    const { kind, mark, error, done } = call;
    if (kind === "subscribe" && done)
      assert.ok(
        this.sendsOf(mark).some((one) => this.isProven(one)),
        `subscribed without proof: ${mark}`,
      );
    if (kind !== "trade") return;
    const sends = this.sendsOf(mark);
    const outcome = done ? "done" : error.name === "ApiError" ? "refused" : error.name === "UnknownOutcomeError" ? "unknown" : "unsent";
    this.count(`trade ${outcome}`);
    const need = (condition, problem) => {
      if (condition) return;
      const heard = sends.map((one) => [one.message, this.after(one).filter(({ req_id }) => req_id === one.message.req_id)]);
      assert.fail(`${problem}: ${call.method} ${mark}: ${error} ${inspect(heard, { depth: 5, maxStringLength: 200 })}`);
    };
    need(sends.length <= 1 || (sends.length === 2 && this.isTokenRefused(sends[0])), "sent twice");
    if (outcome === "done") need(this.isProven(sends.at(-1)), "done without proof");
    if (outcome === "refused") need(this.isRefused(sends.at(-1)), "refused without a refusal");
    if (outcome === "unknown") need(sends.length > 0, "unknown, and nothing was sent");
    if (outcome === "unsent")
      need(
        sends.every((one) => this.isTokenRefused(one)),
        "unsent, and it was sent",
      );
  }

  sendsOf(mark) {
    return this.sent.filter(({ message }) => message.params?.mark === mark);
  }

  judgeSent() {
    const pings = this.sent.filter(({ message }) => message.method === "ping" && message.req_id !== undefined);
    const answered = pings.filter((one) =>
      this.after(one).some(({ method, req_id }) => method === "pong" && req_id === one.message.req_id),
    );
    const done = this.calls.filter((call) => call.kind === "ping" && call.done).length;
    assert.ok(done <= answered.length, `${done} pings came back, ${answered.length} were answered`);
  }
}
