// A Worker that reaches the exchange through a service binding, as one does that sends its requests through another Worker.
import { SpotClient } from "kraken-signer";

export default {
  async fetch(request, env) {
    const { key, secret } = await request.json();
    // A method needs its object: `fetch: env.EXCHANGE.fetch` would lose it.
    const client = new SpotClient({ key, secret, fetch: (url, init) => env.EXCHANGE.fetch(url, init) });
    const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };
    return Response.json([await client.call("Balance"), await client.call("AddOrder", order)]);
  },
};
