import Fastify from "fastify";
import { SpotClient, Totp, placeOrder } from "kraken-signer";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_OTP_SETUP_KEY, KRAKEN_URL: baseUrl } = process.env;
const kraken = new SpotClient({ key, secret, baseUrl, otp: new Totp(KRAKEN_OTP_SETUP_KEY) });
const fastify = Fastify();

fastify.addHook("onClose", () => kraken.drain());
fastify.post("/", async () => {
  const balance = await kraken.call("Balance");
  const order = await placeOrder(kraken, { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.01" });
  return { balance, order: order.orderId };
});

console.log(await fastify.listen({ host: "127.0.0.1", port: 0 }));
