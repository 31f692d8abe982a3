import { app } from "electron";
import { SpotClient, Totp, placeOrder } from "kraken-signer";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_OTP_SETUP_KEY, KRAKEN_URL: baseUrl } = process.env;

app.whenReady().then(async () => {
  const kraken = new SpotClient({ key, secret, baseUrl, otp: new Totp(KRAKEN_OTP_SETUP_KEY) });
  const balance = await kraken.call("Balance");
  const order = await placeOrder(kraken, { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.01" });
  console.log(`answer: ${JSON.stringify({ balance, order: order.orderId })}`);
  app.quit();
});
