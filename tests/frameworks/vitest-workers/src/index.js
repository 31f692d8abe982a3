import { SpotClient, Totp, placeOrder } from "kraken-signer";
import { KrakenKey, spotClient } from "kraken-signer/durable-object";

const optionsOf = (env) => ({
  key: env.KRAKEN_KEY,
  secret: env.KRAKEN_SECRET,
  otp: new Totp(env.KRAKEN_OTP_SETUP_KEY),
  baseUrl: env.KRAKEN_URL,
});

export class TradingKey extends KrakenKey {
  constructor(ctx, env) {
    super(ctx, env, () => optionsOf(env));
  }
}

export default {
  async fetch(request, env) {
    const isObject = new URL(request.url).pathname === "/object";
    const kraken = isObject ? spotClient(env.KRAKEN.getByName("trading")) : new SpotClient(optionsOf(env));
    const balance = await kraken.call("Balance");
    const order = await placeOrder(kraken, { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.01" });
    return Response.json({ balance, order: order.orderId });
  },
};
