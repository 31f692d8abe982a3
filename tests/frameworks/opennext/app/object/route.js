import { getCloudflareContext } from "@opennextjs/cloudflare";
import { placeOrder } from "kraken-signer";
import { spotClient } from "kraken-signer/durable-object";

export async function POST() {
  const { env } = getCloudflareContext();
  const kraken = spotClient(env.KRAKEN.getByName("trading"));
  const balance = await kraken.call("Balance");
  const order = await placeOrder(kraken, { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.01" });
  return Response.json({ balance, order: order.orderId });
}
