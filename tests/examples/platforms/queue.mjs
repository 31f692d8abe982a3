// Places the orders of a queue, which may deliver a message twice. The id is made with the message, and travels in it.
import { clientOrderId, placeOrder } from "kraken-signer";
import { KrakenKey, spotClient } from "kraken-signer/durable-object";

export class Trader extends KrakenKey {
  async place(order) {
    const name = `order ${order.cl_ord_id}`;
    const again = (await this.ctx.storage.get(name)) !== undefined;
    // On disk before anything is sent, so that every later run knows that there was an earlier one.
    await this.ctx.storage.put(name, Date.now());
    const { orderId } = await placeOrder(spotClient(this), order, { again });
    return orderId;
  }
}

export default {
  async fetch(request, env) {
    const { type, volume } = await request.json();
    const order = { pair: "XBTUSD", ordertype: "market", type, volume, cl_ord_id: clientOrderId() };
    await env.ORDERS.send(order);
    return Response.json(order, { status: 202 });
  },

  async queue(batch, env) {
    for (const message of batch.messages) {
      try {
        await env.TRADER.getByName("trading").place(message.body);
        message.ack();
      } catch (error) {
        console.error(message.body.cl_ord_id, error.message);
        // Kraken rejected it, as it would the next time.
        if (error.code === "ERR_API" && !error.retryable) message.ack();
        else message.retry();
      }
    }
  },
};
