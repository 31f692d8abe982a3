// Keeps one bid 1 % below the market, and ends in order on SIGTERM or SIGINT: no order is in doubt then, and none is left behind.
import { setTimeout as pause } from "node:timers/promises";
import { SpotClient, deadMansSwitch, placeOrder } from "kraken-signer";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: baseUrl } = process.env;
const kraken = new SpotClient({ key, secret, baseUrl });
const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stop.abort());

// The bid of an earlier run that was killed: the switch below would keep it open, too.
await kraken.call("CancelAll");

// If this process dies, or cannot reach Kraken for a minute, Kraken cancels the bid.
const guard = await deadMansSwitch(kraken, {
  onFailure: ({ error, armedUntil }) => console.error(`Kraken may cancel all orders at ${armedUntil.toISOString()}: ${error.message}`),
});

// If the bid was filled meanwhile, Kraken does not know it anymore.
const isFilled = (error) => error.errors?.includes("EOrder:Unknown order") || Promise.reject(error);
const cancel = ({ orderId }) => kraken.call("CancelOrder", { txid: orderId }).catch(isFilled);

let bid;
while (!stop.signal.aborted) {
  const { XXBTZUSD: market } = await kraken.call("Ticker", { pair: "XBTUSD" });
  const price = (Number(market.b[0]) * 0.99).toFixed(1);
  if (bid?.price !== price) {
    if (bid) await cancel(bid);
    // Without the signal: an order that was sent is followed to its end, also while the bot stops.
    bid = { price, ...(await placeOrder(kraken, { pair: "XBTUSD", type: "buy", ordertype: "limit", price, volume: "0.01" })) };
    console.log(`bid ${price}`);
  }
  await pause(1000, undefined, { signal: stop.signal }).catch(() => {});
}

// First the order, then the switch, then the client. If one of these fails, the switch stays armed, and Kraken cancels the bid.
if (bid) await cancel(bid);
await guard.disarm();
await kraken.drain();
console.log("stopped");
