import { SpotClient, Totp, placeOrder } from "kraken-signer";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_OTP_SETUP_KEY, KRAKEN_URL: baseUrl } = process.env;
const kraken = new SpotClient({ key, secret, baseUrl, otp: new Totp(KRAKEN_OTP_SETUP_KEY) });

export const handler = async ({ volume }) => {
  const balance = await kraken.call("Balance");
  const order = await placeOrder(kraken, { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume });
  return { balance, order: order.orderId };
};
