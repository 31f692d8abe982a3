// Buys once a week, by an alarm of the object that owns the key. An alarm that fails runs again.
import { clientOrderId, placeOrder } from "kraken-signer";
import { KrakenKey, spotClient } from "kraken-signer/durable-object";

const WEEK = 7 * 24 * 60 * 60 * 1000;

export class Saver extends KrakenKey {
  async start() {
    // A second request to start does not buy again. No alarm is set while one runs, and that one sets the next.
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now());
  }

  async alarm() {
    const { storage } = this.ctx;
    const earlier = await storage.get("order");
    const order = earlier ?? { pair: "XBTUSD", ordertype: "market", type: "buy", volume: "0.001", cl_ord_id: clientOrderId() };
    // On disk before anything is sent, so that a second run uses the same id.
    await storage.put("order", order);
    try {
      await placeOrder(spotClient(this), order, { again: earlier !== undefined });
    } catch (error) {
      if (error.code !== "ERR_API" || error.retryable) throw error;
      console.error("nothing bought this week:", error.message);
    }
    // Both are stored together, or neither is.
    storage.delete("order");
    await storage.setAlarm(Date.now() + WEEK);
  }
}

export default {
  async fetch(request, env) {
    await env.SAVER.getByName("trading").start();
    return new Response("started\n");
  },
};
