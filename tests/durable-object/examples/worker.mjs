// Owns a key, and places orders with it, however many requests come at once.
import { ApiError, UnknownOutcomeError } from "kraken-signer";
import { spotClient } from "kraken-signer/durable-object";

export { KrakenKey } from "kraken-signer/durable-object";

export default {
  async fetch(request, env) {
    if (request.headers.get("Authorization") !== `Bearer ${env.TOKEN}`) return new Response(null, { status: 401 });
    const kraken = spotClient(env.KRAKEN_KEY.getByName("trading"));
    if (request.method === "GET") return Response.json(await kraken.call("OpenOrders"));

    const { type, volume, price } = await request.json();
    const cl_ord_id = crypto.randomUUID();
    try {
      const order = { pair: "XBTUSD", ordertype: "limit", type, volume, price, cl_ord_id };
      const { txid } = await kraken.call("AddOrder", order);
      return Response.json({ cl_ord_id, txid }, { status: 201 });
    } catch (error) {
      if (error instanceof ApiError) return Response.json({ errors: error.errors, hint: error.hint }, { status: 422 });
      // It is unknown whether the order was placed, so the caller must look for it.
      if (error instanceof UnknownOutcomeError) return Response.json({ cl_ord_id }, { status: 202 });
      throw error;
    }
  },
};
