// A Durable Object holds the socket: a Worker's request ends, an object stays while it has work. The platform hibernates only WebSockets that
// clients open to an object, none that it opens itself: so an alarm wakes the object, and makes the connection again after an eviction.
import { DurableObject } from "cloudflare:workers";
import { SpotClient } from "kraken-signer";
import { SpotSocket } from "kraken-signer/sockets";

export class Executions extends DurableObject {
  #socket;

  /** Called once to begin, and then by the clock. */
  async alarm() {
    await this.ctx.storage.setAlarm(Date.now() + 60_000);
    if (this.#socket) return;
    const { KEY: key, SECRET: secret, EXCHANGE: baseUrl, SOCKET: url } = this.env;
    this.#socket = new SpotSocket({ client: new SpotClient({ key, secret, baseUrl }), url });
    const done = this.#follow(this.#socket).catch((error) => console.error(error.message));
    this.ctx.waitUntil(done.finally(() => (this.#socket = undefined)));
  }

  async #follow(socket) {
    await socket.subscribe("executions");
    for await (const message of socket) {
      if (message.channel !== "executions") continue;
      for (const { order_id, order_status } of message.data) await this.ctx.storage.put(order_id, order_status);
    }
  }

  async fetch({ url }) {
    if (new URL(url).pathname === "/start") await this.alarm();
    return Response.json(Object.fromEntries(await this.ctx.storage.list()));
  }
}

export default {
  fetch: (request, env) => env.EXECUTIONS.get(env.EXECUTIONS.idFromName("account")).fetch(request),
};
