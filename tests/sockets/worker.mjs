// Sockets in workerd, on its own WebSocket: in a Durable Object, in a request, and at module scope, where they should not be.
import { DurableObject, env } from "cloudflare:workers";
import { SpotClient } from "kraken-signer";
import { FuturesSocket, SpotSocket } from "kraken-signer/sockets";
import { Executions } from "./examples/worker.mjs";

const FAST = { minDelay: 1, maxDelay: 20 };
const order = (cl_ord_id) => ({ symbol: "BTC/USD", side: "buy", order_type: "limit", limit_price: 30000, order_qty: 0.1, cl_ord_id });
const spot = (options) => {
  const client = new SpotClient({ key: env.KEY, secret: env.SECRET, baseUrl: env.EXCHANGE });
  return new SpotSocket({ client, url: `${env.SOCKETS}/v2`, reconnect: FAST, timeout: 3000, ...options });
};

export class Sockets extends DurableObject {
  #seen = [];
  #socket = spot();

  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/start") {
      this.ctx.waitUntil(this.#read());
      await this.#socket.subscribe("executions");
      return Response.json({});
    }
    if (pathname === "/seen") return Response.json(this.#seen);
    const answer = this.#socket.call("add_order", order(searchParams.get("id")));
    return Response.json(await answer.catch(({ name, code }) => ({ error: `${name} ${code}` })));
  }

  async #read() {
    for await (const { channel, type, sequence, resumed } of this.#socket)
      if (/executions|socket/.test(channel)) this.#seen.push([channel, type, sequence ?? resumed]);
  }
}

/** The example, and a way to evict it. */
export class Evictable extends Executions {
  async fetch(request) {
    if (new URL(request.url).pathname !== "/evict") return super.fetch(request);
    await this.ctx.storage.setAlarm(Date.now() + 200);
    await this.ctx.storage.sync();
    this.ctx.abort();
  }
}

const atModuleScope = spot({ timeout: 1000 });

const routes = {
  async "/request"() {
    const socket = spot();
    const seen = [];
    await socket.subscribe("executions");
    const { order_id } = await socket.call("add_order", order("request"));
    for await (const { channel, type } of socket)
      if (seen.push(`${channel} ${type}`) && type === "update" && channel === "executions") break;
    socket.close();
    return { order_id, seen };
  },
  async "/futures"() {
    const socket = new FuturesSocket({ key: env.FUTURES_KEY, secret: env.FUTURES_SECRET, url: `${env.SOCKETS}/ws/v1`, reconnect: FAST });
    await socket.subscribe("fills");
    for await (const { feed } of socket)
      if (feed === "fills_snapshot") {
        socket.close();
        return feed;
      }
  },
  "/module": (id) => atModuleScope.call("add_order", order(id)),
};

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.startsWith("/evictable"))
      return env.EVICTABLE.get(env.EVICTABLE.idFromName("one")).fetch(request.url.replace("/evictable", ""));
    if (pathname.startsWith("/object"))
      return env.SOCKETS_OBJECT.get(env.SOCKETS_OBJECT.idFromName("one")).fetch(request.url.replace("/object", ""));
    try {
      return Response.json({ result: await routes[pathname](searchParams.get("id")) });
    } catch (error) {
      return Response.json({ error: `${error?.name} ${error?.code} ${error?.message}` });
    }
  },
};
