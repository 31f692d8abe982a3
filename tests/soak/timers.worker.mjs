// A Durable Object that sets timers and clears them, as calls do with their timeouts.
import { DurableObject } from "cloudflare:workers";

export class Timers extends DurableObject {
  /** Sets and clears as many timers. It pauses now and then, so that the collector of memory can keep up. */
  async clear(number) {
    for (let nth = 0; nth < number; nth++) {
      clearTimeout(setTimeout(() => {}, 30_000));
      if (nth % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    globalThis.gc();
  }
}

export default {
  async fetch(request, env) {
    await env.TIMERS.getByName("one").clear(Number(new URL(request.url).search.slice(1)));
    return new Response("done");
  },
};
