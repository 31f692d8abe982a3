// Owns a key, and places orders with it, however many requests come at once.
import { ApiError, UnknownOutcomeError, placeOrder } from "kraken-signer";
import { spotClient } from "kraken-signer/durable-object";

export { KrakenKey } from "kraken-signer/durable-object";

export default {
  async fetch(request, env) {
    if (request.headers.get("Authorization") !== `Bearer ${env.TOKEN}`) return new Response(null, { status: 401 });
    const kraken = spotClient(env.KRAKEN_KEY.getByName("trading"));
    if (request.method === "GET") return Response.json(await kraken.call("OpenOrders"));

    // The caller makes the id, and sends it again, with `again`, if it got no answer.
    const { id, again = false, type, volume, price } = await request.json();
    if (!id) return new Response("The order has no id", { status: 400 });
    try {
      const order = { pair: "XBTUSD", ordertype: "limit", type, volume, price, cl_ord_id: id };
      const { orderId, found } = await placeOrder(kraken, order, { again });
      return Response.json({ orderId, found }, { status: 201 });
    } catch (error) {
      if (error instanceof ApiError) return Response.json({ errors: error.errors, hint: error.hint }, { status: 422 });
      // It is unknown whether the order was placed, so the caller must ask again.
      if (error instanceof UnknownOutcomeError) return Response.json({ reason: error.reason }, { status: 202 });
      throw error;
    }
  },
};
