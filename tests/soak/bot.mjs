// A bot that trades until it is told to stop, in any runtime: REST, sockets, and a report each second of all that it was told.
import { placeOrder, resolveOrder } from "kraken-signer";
import { FuturesSocket, OrderBook, SpotSocket } from "kraken-signer/sockets";

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What counts as a sign of life of a stream, beside states of the book: no events of the socket itself. */
const CHANNELS = { executions: "executions", futures: "ticker" };

/** A signal for the life of the bot, which every call gets, and how many listeners it has. */
function lifelong() {
  const { signal } = new AbortController();
  const listeners = new Map();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type, listener, options) => {
    listeners.set(listener, type);
    addEventListener.call(signal, type, listener, options);
  };
  signal.removeEventListener = (type, listener, options) => {
    listeners.delete(listener);
    removeEventListener.call(signal, type, listener, options);
  };
  return { signal, listeners };
}

/** Subscribes, and does so again if a fault has taken the answer. */
async function subscribe(socket, name, params) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await socket.subscribe(name, params);
    } catch (error) {
      if (error.code !== "ERR_TIMEOUT" || attempt === 5) throw error;
    }
  }
}

export class Bot {
  #claims = [];
  #stopped = false;
  #nth = 0;
  #life = lifelong();
  #streams = { executions: 0, book: 0, futures: 0 };
  #config;
  #kraken;
  #futures;

  constructor(config, kraken, futures) {
    this.#config = config;
    this.#kraken = kraken;
    this.#futures = futures;
  }

  /** Trades until it is told to stop, and then leaves nothing open. */
  async run(sample = () => ({})) {
    const { url, socketUrl, futures: futuresKey, leaks } = this.#config;
    const spot = new SpotSocket({ client: this.#kraken, url: `${socketUrl}/v2`, timeout: 5000 });
    const contracts = new FuturesSocket({ key: futuresKey.key, secret: futuresKey.secret, url: `${socketUrl}/ws/v1`, timeout: 5000 });
    const book = new OrderBook(spot, "BTC/USD", { depth: 10 });
    const reading = [this.#read("executions", spot), this.#read("futures", contracts), this.#read("book", book)];
    const subscribed = Promise.all([subscribe(spot, "executions"), subscribe(contracts, "ticker", { product_ids: ["PF_XBTUSD"] })]);
    const trading = [this.#spotOrders(), this.#spotOrders(), this.#socketOrders(spot), this.#futuresOrders(), this.#reads(url)];
    if (leaks) trading.push(this.#leak());
    try {
      await subscribed;
      await this.#reports(sample);
      await Promise.all(trading);
    } finally {
      this.#stopped = true;
      book.close();
      spot.close();
      contracts.close();
    }
    await Promise.allSettled(reading);
    await this.#report({ done: true, sample: { ...sample(), listeners: this.#life.listeners.size } });
  }

  /** For the test of this test: listeners that nothing removes, and memory with them, many times a second. */
  async #leak() {
    while (!this.#stopped) {
      const memory = Array.from({ length: 20_000 }, Math.random);
      this.#life.signal.addEventListener("abort", () => memory.length);
      // Node warns of these.
      globalThis.process?.on("beforeExit", () => memory.length);
      await later(50);
    }
  }

  async #report(more) {
    const claims = this.#claims.splice(0);
    const body = JSON.stringify({ claims, streams: this.#streams, ...more });
    return (await fetch(this.#config.reports, { method: "POST", body })).json();
  }

  async #reports(sample) {
    while (!this.#stopped) {
      await later(1000);
      const { stop } = await this.#report({ sample: { ...sample(), listeners: this.#life.listeners.size } });
      this.#stopped = stop === true;
    }
  }

  async #read(name, stream) {
    for await (const { channel, feed, inSync } of stream) if (inSync ?? [channel, feed].includes(CHANNELS[name])) this.#streams[name]++;
  }

  /** Makes a call that changes something, and notes what became of it. */
  async #told(endpoint, params, call) {
    let outcome = "done";
    try {
      await call();
    } catch (error) {
      if (!String(error?.code).startsWith("ERR_")) throw error;
      outcome = error.code === "ERR_UNKNOWN_OUTCOME" ? "unknown" : "not done";
    }
    this.#claims.push({ endpoint, params, outcome });
    return outcome === "done";
  }

  #id() {
    return `soak-${++this.#nth}`;
  }

  async #spotOrders() {
    const { signal } = this.#life;
    for (; !this.#stopped; await later(150)) {
      const cl_ord_id = this.#id();
      const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.001", cl_ord_id };
      if (!(await this.#told("AddOrder", { cl_ord_id }, () => placeOrder(this.#kraken, order, { signal, deadline: 4000 })))) continue;
      const limit_price = `${10_001 + (this.#nth % 1000)}`;
      await this.#told("AmendOrder", { cl_ord_id, limit_price }, () =>
        this.#kraken.call("AmendOrder", { cl_ord_id, limit_price }, { signal }),
      );
      await this.#canceled(cl_ord_id);
    }
  }

  async #canceled(cl_ord_id) {
    const { signal } = this.#life;
    await this.#told("CancelOrder", { cl_ord_id }, () => this.#kraken.call("CancelOrder", { cl_ord_id }, { signal }));
  }

  async #futuresOrders() {
    const { signal } = this.#life;
    for (; !this.#stopped; await later(150)) {
      const cliOrdId = this.#id();
      const order = { symbol: "PF_XBTUSD", side: "buy", orderType: "lmt", size: "0.001", limitPrice: "10000", cliOrdId };
      if (!(await this.#told("sendorder", { cliOrdId }, () => placeOrder(this.#futures, order, { signal, deadline: 4000 })))) continue;
      await this.#told("cancelorder", { cliOrdId }, () => this.#futures.post("cancelorder", { cliOrdId }, { signal }));
    }
  }

  /** Orders over the socket, which are looked for over REST if their outcome is unknown. */
  async #socketOrders(socket) {
    const { signal } = this.#life;
    const place = async (cl_ord_id) => {
      const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", limit_price: 10000, order_qty: 0.001, cl_ord_id };
      try {
        await socket.call("add_order", order, { signal, timeout: 4000 });
      } catch (error) {
        if (error.code !== "ERR_UNKNOWN_OUTCOME") throw error;
        const { outcome } = await resolveOrder(this.#kraken, error, { signal });
        if (outcome !== "placed") throw outcome === "unknown" ? error : Object.assign(new Error(outcome), { code: "ERR_API" });
      }
    };
    for (; !this.#stopped; await later(150)) {
      const cl_ord_id = this.#id();
      if (await this.#told("add_order", { cl_ord_id }, () => place(cl_ord_id))) await this.#canceled(cl_ord_id);
    }
  }

  /** Calls that change nothing, with faults or without. */
  async #reads() {
    const { signal } = this.#life;
    for (let nth = 0; !this.#stopped; nth++) {
      const endpoint = ["Balance", "OpenOrders", "Ticker", "TradesHistory"][nth % 4];
      const params = endpoint === "Ticker" ? { pair: "XBTUSD" } : {};
      await this.#kraken.call(endpoint, params, { signal }).catch((error) => {
        if (!String(error?.code).startsWith("ERR_")) throw error;
      });
      await later(200);
    }
  }
}
