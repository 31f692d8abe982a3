// A strict Kraken Futures.
import { BEGINNING } from "./process.mjs";
import { parse } from "./spot.mjs";

const PREFIX = "/derivatives/api/v3/";

/** How many fills are shown, and how many orders on a page of their history: one, so that the first page is rarely all. */
const MOST_FILLS = 100;
const PAGE = 1;

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
    const { cliOrdId } = path.endsWith("/sendorder") ? parse(data) : {};
    if (this.#traits.quirks.idFirst && this.orders.isTaken(cliOrdId, time))
      return this.#json(200, { result: "success", sendStatus: { status: "clientOrderIdAlreadyExist" }, serverTime: this.#iso(time) });
    if (!key.takes(nonce)) return this.#error(this.#random.pick(["nonceBelowThreshold", "nonceDuplicate"]), time);
    if (this.#random.chance(this.#traits.refusals))
      return this.#error(this.#random.pick(["apiLimitExceeded", "Server Error", "Unavailable"]), time);
    const failure = this.#failureOf(path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path, time);
    if (failure) return this.#error(failure, time);
    const name = `${method} ${path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path}`;
    const run = FuturesExchange.#ENDPOINTS[name];
    if (!run) {
      this.#ledger.violate(`this world has no ${name}`);
      return this.#error("notFound", time);
    }
    const result = run.call(this, parse(data), time);
    if (typeof result === "string") return this.#error(result, time);
    const isBare = path.startsWith("/api/");
    return this.#json(200, isBare ? result : { result: "success", ...result, serverTime: this.#iso(time) });
  }

  /** A list may fail for a while, or may never be seen. */
  #failureOf(name, time) {
    const { outages, denied } = this.#traits.quirks;
    if (name === denied) return "insufficientPrivileges";
    const fails = outages.some(({ list, from, until }) => list === name && time >= from && time < until);
    return fails ? this.#random.pick(["apiLimitExceeded", "Server Error", "Unavailable"]) : undefined;
  }

  /** The time as of which a list shows the account. */
  #seenAt(time) {
    const { stale } = this.#traits.quirks;
    return stale ? time - this.#random.between(0, stale) : time;
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
    "GET /api/auth/v1/api-keys/v3/check": (_, time) => ({
      permissions: { general: "full", withdrawal: "none" },
      createdAt: new Date(BEGINNING + time).toISOString(),
      allowedCidrBlocks: [],
    }),
    "GET openorders"(_, time) {
      const seenAt = this.#seenAt(time);
      const openOrders = this.orders.open(seenAt).map((order) => ({
        ...this.#details(order),
        order_id: order.id,
        cliOrdId: order.clientId,
        orderType: order.type,
        unfilledSize: Number(this.orders.volumeOf(order, seenAt)),
        filledSize: 0,
        receivedTime: this.#iso(order.opened),
      }));
      return { openOrders };
    },
    "POST orders/status"(params, now) {
      const time = this.#seenAt(now);
      // Only those that are open or have ended in the last five seconds.
      const recent = [...this.orders.open(time), ...this.orders.closed(time).filter(({ over }) => time - over < 5000)];
      const orders = recent.filter(({ clientId }) => [params.cliOrdIds].flat().includes(clientId));
      const row = (order) => ({ ...this.#details(order), orderId: order.id, cliOrdId: order.clientId, timestamp: this.#iso(order.opened) });
      return { orders: orders.map((order) => ({ order: row(order), status: "ENTERED_BOOK" })) };
    },
    "GET fills"(_, time) {
      const filled = this.orders.closed(this.#seenAt(time)).filter(({ isCanceled }) => !isCanceled);
      const row = (order) => ({ order_id: order.id, cliOrdId: order.clientId, side: order.side, fillTime: this.#iso(order.over) });
      return { fills: filled.slice(-MOST_FILLS).map(row) };
    },
    "GET /api/history/v2/orders"({ since = 0, continuation_token: token = "0" }, now) {
      const time = this.#seenAt(now);
      const seen = [...this.orders.open(time), ...this.orders.closed(time)].filter(({ opened }) => this.clock(opened) >= Number(since));
      // The latest ones come first. A token stands for the orders from one on, so that new ones shift nothing.
      const all = seen.sort((a, b) => b.opened - a.opened);
      const first = token === "0" ? 0 : all.findIndex(({ id }) => id === token);
      const next = all[first + PAGE]?.id;
      const elements = all.slice(first, first + PAGE).map((order) => this.#event(order));
      return { elements, len: elements.length, ...(next !== undefined && { continuationToken: next }) };
    },
    // No order of these worlds waits for a price.
    "GET /api/history/v2/triggers": () => ({ elements: [], len: 0 }),
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
      return { batchStatus: batchOrder.map((row) => this.#instruct(row, time)) };
    },
  };

  /** Carries out one row of a batch. */
  #instruct(row, time) {
    if (row.order === "send") {
      const result = this.#place(row, time);
      return typeof result === "string" ? { status: result } : result.sendStatus;
    }
    const order = this.orders.cancel(row.order_id, time);
    if (order) this.#ledger.execute(row.sim);
    return { status: order ? "cancelled" : "notFound", order_id: row.order_id };
  }

  #details({ side, volume, price }) {
    return { symbol: "PF_XBTUSD", side, quantity: Number(volume), ...(price !== undefined && { limitPrice: Number(price) }) };
  }

  #event(order) {
    const { side: direction, quantity, limitPrice } = this.#details(order);
    const timestamp = this.clock(order.opened);
    const details = { uid: order.id, clientId: order.clientId ?? "", timestamp, tradeable: "PF_XBTUSD", direction, quantity, limitPrice };
    return { uid: `E-${order.id}`, timestamp, event: { OrderPlaced: { order: details } } };
  }

  #place(params, time) {
    const { sim, cliOrdId: clientId, size: volume, side, orderType: type, processBefore, limitPrice: price } = params;
    if (processBefore !== undefined && !(Date.parse(processBefore) > this.clock(time))) return "processBeforeElapsed";
    if (Number(volume) >= 1000) return { sendStatus: { status: "insufficientAvailableFunds" } };
    if (this.orders.isTaken(clientId, time)) return { sendStatus: { status: "clientOrderIdAlreadyExist" } };
    const { id } = this.orders.place({ mark: sim, clientId, volume, side, type, price, time });
    return { sendStatus: { status: "placed", order_id: id, cliOrdId: clientId } };
  }
}
