// An exchange, a Worker with the objects before it, and ways to call them.
import { request } from "node:http";
import { Exchange } from "kraken-signer/testing";
import { startWorker } from "../harness/workerd.mjs";

const entry = new URL("worker.mjs", import.meta.url);
const OBJECTS = { KRAKEN_KEY: "KrakenKey", FUTURES_KEY: "KrakenFuturesKey", WATCHED: "Watched", CARELESS: "Careless", LIMITED: "Limited" };

/** An exchange that listens, and its keys: for the objects `trading` and `futures`, and one for each class of the tests' own. */
export async function openExchange(t, options) {
  const exchange = new Exchange(options);
  const server = await exchange.listen();
  t.after(() => server.close());
  const bindings = {};
  for (const [name, product] of [["TRADING"], ["FUTURES", "futures"], ["WATCHED"], ["CARELESS"], ["LIMITED"]]) {
    const { key, secret } = exchange.addKey({ product: product ?? "spot" });
    Object.assign(bindings, { [`KRAKEN_${name}_KEY`]: key, [`KRAKEN_${name}_SECRET`]: secret });
  }
  return { exchange, bindings, url: server.url };
}

/** Starts the Worker; whatever it sends to Kraken arrives at the exchange. */
export async function open(t, { url, bindings }, { bindings: more, ...options } = {}) {
  const worker = await startWorker(entry, { objects: OBJECTS, outbound: url, bindings: { UNIT: "ms", ...bindings, ...more }, ...options });
  t.after(() => worker.stop());
  const ask = async (question, url = worker.url) => {
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(question) });
    return answer.json();
  };
  return {
    ...worker,
    ask,
    /** What a method answers, to the Worker with this URL; an error is thrown. */
    async call(method, parameters, question, url) {
      const { value, error } = await ask({ method, parameters, ...question }, url);
      if (error) throw Object.assign(new Error(error.message), error);
      return value;
    },
    /** Begins a request whose connection can be reset: workerd takes a caller for gone only then. */
    begin(question) {
      const sent = request(worker.url, { method: "POST", agent: false });
      const done = new Promise((resolve) => sent.on("response", () => resolve("answered")).on("error", () => resolve("cancelled")));
      sent.end(JSON.stringify(question));
      return { done, cancel: () => sent.socket.resetAndDestroy() };
    },
  };
}

export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for something to become true; the test's own limit ends it. */
export async function until(condition) {
  while (!(await condition())) await later(10);
}

export const order = (id) => ({ pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.1", cl_ord_id: id });

/** What was refused, and the nonces of what was executed. */
export const refused = ({ requests }) => requests.flatMap(({ errors }) => errors);
export const nonces = ({ executions }) => executions.flatMap(({ nonce }) => (nonce === undefined ? [] : BigInt(nonce)));
export const rising = (numbers) => numbers.every((number, i) => !i || number > numbers[i - 1]);
/** The ids of the orders that were executed. */
export const placed = ({ executions }) => executions.filter(({ write }) => write).map(({ params }) => params.cl_ord_id ?? params.cliOrdId);

/** An order with a number, of which the exchange takes as many as come. */
export const numbered = (userref) => ({ pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "0.1", userref });
/** How often each number was executed. */
export function counted({ executions }) {
  const counts = new Map();
  for (const { write, params } of executions) if (write) counts.set(Number(params.userref), (counts.get(Number(params.userref)) ?? 0) + 1);
  return counts;
}
