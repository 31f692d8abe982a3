import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { SpotClient, Totp, placeOrder } from "kraken-signer";
import { KrakenKey, spotClient } from "kraken-signer/durable-object";

const options = () => ({
  key: env.KRAKEN_KEY,
  secret: env.KRAKEN_SECRET,
  otp: new Totp(env.KRAKEN_OTP_SETUP_KEY),
  baseUrl: env.KRAKEN_URL,
});

export class TradingKey extends KrakenKey {
  constructor(ctx, env) {
    super(ctx, env, options);
  }
}

async function trade(kraken) {
  const balance = await kraken.call("Balance");
  const order = await placeOrder(kraken, { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.01" });
  return { balance, order: order.orderId };
}

const app = new Hono();
app.post("/", async (c) => c.json(await trade(new SpotClient(options()))));
app.post("/object", async (c) => c.json(await trade(spotClient(c.env.KRAKEN.getByName("trading")))));

export default app;
