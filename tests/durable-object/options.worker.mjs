// An object whose first two requests for options are answered when a test says so. All later ones are answered at once.
import { KrakenKey } from "kraken-signer/durable-object";

let ahead = 0;
const now = performance.now.bind(performance);
performance.now = () => now() + ahead;

export class Asked extends KrakenKey {
  #asked;

  constructor(ctx, env) {
    const options = { key: env.KEY, secret: env.SECRET };
    const asked = [];
    super(ctx, env, () => {
      const { promise, resolve, reject } = Promise.withResolvers();
      if (asked.push({ resolve: () => resolve(options), reject }) > 2) resolve(options);
      return promise;
    });
    this.#asked = asked;
  }
  /** How often the options were asked for. */
  times() {
    return this.#asked.length;
  }
  answer(place, how) {
    this.#asked[place][how](new Error("the store is not there"));
  }
  wait(milliseconds) {
    ahead += milliseconds;
  }
}

export default {
  async fetch(request, env) {
    const [name, method, ...parameters] = await request.json();
    try {
      return Response.json({ value: (await env.OBJECT.getByName(name)[method](...parameters)) ?? null });
    } catch ({ message }) {
      return Response.json({ error: message });
    }
  },
};
