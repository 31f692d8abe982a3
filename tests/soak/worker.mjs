// The bot in a Durable Object. Its keys belong to other objects, which sign and send.
import { DurableObject } from "cloudflare:workers";
import { KrakenFuturesKey, KrakenKey, futuresClient, spotClient } from "kraken-signer/durable-object";
import { Bot } from "./bot.mjs";

/** workerd keeps memory for each timer that is cleared before it fires. They are counted, so that a leak can be told from this memory. */
let cleared = 0;
const { setTimeout, clearTimeout } = globalThis;
const waiting = new Set();
globalThis.setTimeout = (run, delay, ...args) => {
  const timer = setTimeout(() => {
    waiting.delete(timer);
    run(...args);
  }, delay);
  waiting.add(timer);
  return timer;
};
globalThis.clearTimeout = (timer) => {
  if (waiting.delete(timer)) cleared++;
  clearTimeout(timer);
};

const optionsOf = ({ url, spot, futures }, product) => {
  const { key, secret } = product === "spot" ? spot : futures;
  return { key, secret, baseUrl: url, timeout: 8000 };
};

export class SpotKey extends KrakenKey {
  constructor(ctx, env) {
    super(ctx, env, () => optionsOf(JSON.parse(env.CONFIG), "spot"));
  }
}

export class FuturesKey extends KrakenFuturesKey {
  constructor(ctx, env) {
    super(ctx, env, () => optionsOf(JSON.parse(env.CONFIG), "futures"));
  }
}

export class Trader extends DurableObject {
  async fetch() {
    const kraken = spotClient(this.env.SPOT.getByName("soak"));
    const contracts = futuresClient(this.env.FUTURES.getByName("soak"));
    await new Bot(JSON.parse(this.env.CONFIG), kraken, contracts).run(() => (globalThis.gc?.(), { cleared }));
    return new Response("done");
  }
}

export default { fetch: (request, env) => env.TRADER.getByName("soak").fetch(request) };
