// Cancels orders that have been open for a day. Deno lets it read three variables and reach Kraken, and nothing else:
// deno run --allow-env=KRAKEN_KEY,KRAKEN_SECRET,KRAKEN_URL --allow-net=api.kraken.com stale.mjs
import { ApiError, SpotClient, UnknownOutcomeError } from "kraken-signer";

const DAY = 24 * 60 * 60;

const kraken = new SpotClient({
  key: Deno.env.get("KRAKEN_KEY"),
  secret: Deno.env.get("KRAKEN_SECRET"),
  baseUrl: Deno.env.get("KRAKEN_URL"),
});
const { open } = await kraken.call("OpenOrders");
const yesterday = Date.now() / 1000 - DAY;
for (const [txid, { opentm, descr }] of Object.entries(open)) {
  if (opentm > yesterday) continue;
  try {
    await kraken.call("CancelOrder", { txid });
    console.log("cancelled", descr.order);
  } catch (error) {
    // An order that was filled in the meantime is none to cancel. And if nobody knows whether one was cancelled, the next run sees
    // whether it is still open.
    const harmless = error instanceof UnknownOutcomeError || (error instanceof ApiError && error.kind === "order");
    if (!harmless) throw error;
    console.log(`not sure about ${txid}: ${error.message}`);
  }
}
kraken.close();
