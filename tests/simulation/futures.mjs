// A strict Kraken Futures.
import { BEGINNING } from "./process.mjs";
import { parse } from "./spot.mjs";

const PREFIX = "/derivatives/api/v3/";

/** Kraken Futures with one account. */
export class FuturesExchange {
  #random;
  #traits;
  #ledger;
  #keys;

  constructor(random, traits, ledger, keys, orders) {
    this.#random = random;
    this.#traits = traits;
    this.#ledger = ledger;
    this.#keys = new Map(keys.map((key) => [key.name, key]));
    this.orders = orders;
  }

  clock(time) {
    return BEGINNING + time + this.#traits.skew;
  }

  answer({ method, path: target, headers, body }, time) {
    const [path, query = ""] = target.split("?");
    const data = method === "GET" ? query : (body ?? "");
    const key = this.#keys.get(headers.APIKey);
    const { Nonce: nonce } = headers;
    if (!key?.signsFutures(headers.Authent, path.replace("/derivatives", ""), nonce, data)) return this.#error("authenticationError", time);
    if (!key.takes(nonce)) return this.#error(this.#random.pick(["nonceBelowThreshold", "nonceDuplicate"]), time);
    if (this.#random.chance(this.#traits.refusals))
      return this.#error(this.#random.pick(["apiLimitExceeded", "Server Error", "Unavailable"]), time);
    const name = `${method} ${path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path}`;
    const run = FuturesExchange.#ENDPOINTS[name];
    if (!run) return this.#error("notFound", time);
    const result = run.call(this, parse(data), time);
    if (typeof result === "string") return this.#error(result, time);
    const isBare = path.startsWith("/api/");
    return this.#json(200, isBare ? result : { result: "success", ...result, serverTime: this.#iso(time) });
  }

  #iso(time) {
    return new Date(this.clock(time)).toISOString();
  }

  #error(error, time) {
    const status = error === "Server Error" ? 500 : error === "Unavailable" ? 503 : 200;
    return this.#json(status, { result: "error", error, serverTime: this.#iso(time) });
  }

  #json(status, value) {
    return { status, headers: { "content-type": "application/json" }, text: JSON.stringify(value) };
  }

  static #ENDPOINTS = {
    "GET accounts": () => ({ accounts: {} }),
    "GET openorders"(_, time) {
      return { openOrders: this.orders.open(time).map((order) => ({ order_id: order.id, cliOrdId: order.clientId })) };
    },
    "POST orders/status"(params, time) {
      // Only those that are open or have ended in the last five seconds.
      const recent = [...this.orders.open(time), ...this.orders.closed(time).filter(({ over }) => time - over < 5000)];
      const orders = recent.filter(({ clientId }) => [params.cliOrdIds].flat().includes(clientId));
      return { orders: orders.map((order) => ({ order: { orderId: order.id, cliOrdId: order.clientId }, status: "ENTERED_BOOK" })) };
    },
    "GET fills"(_, time) {
      const filled = this.orders.closed(time).slice(-100);
      return { fills: filled.map((order) => ({ order_id: order.id, cliOrdId: order.clientId })) };
    },
    "GET /api/history/v2/orders"(_, time) {
      const all = [...this.orders.open(time), ...this.orders.closed(time)];
      return { elements: all.map((order) => ({ event: { OrderPlaced: { order: { uid: order.id, clientId: order.clientId } } } })) };
    },
    "POST sendorder"(params, time) {
      return this.#place(params, time);
    },
    "POST cancelallorders"(params, time) {
      this.#ledger.execute(params.sim);
      const count = this.orders.cancelAll(time);
      return { cancelStatus: { status: count ? "cancelled" : "noOrdersToCancel" } };
    },
    "POST batchorder"(params, time) {
      const { batchOrder } = JSON.parse(params.json);
      const rows = batchOrder.map((row) => this.#place(row, time).sendStatus);
      return { batchStatus: rows };
    },
  };

  #place(params, time) {
    const { sim, cliOrdId: clientId, size: volume, side, orderType: type, processBefore } = params;
    if (processBefore !== undefined && !(Date.parse(processBefore) > this.clock(time))) return "processBeforeElapsed";
    if (Number(volume) >= 1000) return { sendStatus: { status: "insufficientAvailableFunds" } };
    if (this.orders.isTaken(clientId, time)) return { sendStatus: { status: "clientOrderIdAlreadyExist" } };
    const { id } = this.orders.place({ mark: sim, clientId, volume, side, type, time });
    return { sendStatus: { status: "placed", order_id: id, cliOrdId: clientId } };
  }
}
