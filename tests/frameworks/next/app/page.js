import { SpotClient } from "kraken-signer";

export const dynamic = "force-dynamic";

// A server component: its requests are public, and Next.js would otherwise make the page once, while it builds.
export default async function Page() {
  const ticker = await new SpotClient({ baseUrl: process.env.KRAKEN_URL }).call("Ticker", { pair: "XBTUSD" });
  return <p>{ticker.XXBTZUSD.c[0]}</p>;
}
