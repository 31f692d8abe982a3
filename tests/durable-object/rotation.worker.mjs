// An object whose key the tests replace while it lives, and a Worker that passes calls to it.
import { KrakenKey, spotClient } from "kraken-signer/durable-object";

export { KrakenKey };

export class Rotating extends KrakenKey {
  #keys;

  constructor(ctx, env) {
    const keys = { current: { key: env.KEY, secret: env.SECRET }, asked: 0 };
    super(ctx, env, async () => {
      keys.asked++;
      if (keys.delay) await new Promise((resolve) => setTimeout(resolve, keys.delay));
      if (keys.fails) throw Object.assign(new keys.fails.constructor("quotes a secret"), keys.fails);
      return keys.current;
    });
    this.#keys = keys;
  }
  /** Sets the key that later requests for options return, after this many milliseconds. */
  set(current, delay) {
    Object.assign(this.#keys, { current, delay });
  }
  fail(kind, code) {
    this.#keys.fails = kind && Object.assign(kind === "TypeError" ? new TypeError() : new Error(), { ...(code && { code }) });
  }
  asked() {
    return this.#keys.asked;
  }
  /** Does what a newer instance of the object does on another machine: it begins a block of nonces. */
  async beginBlock() {
    await this.ctx.storage.put("kraken-signer.nonce", BigInt(Date.now() + 120_000));
  }
}

export default {
  async fetch(request, env) {
    const { object = "OBJECT", name = "one", method, parameters = [], face } = await request.json();
    const stub = env[object].getByName(name);
    try {
      return Response.json({ value: (await (face ? spotClient(stub) : stub)[method](...parameters)) ?? null });
    } catch ({ name, code, kind, message }) {
      return Response.json({ error: { name, code, kind, message } });
    }
  },
};
