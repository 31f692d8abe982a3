// What every bundle below has to do: sign, make a code, and place an order at the simulated exchange.
import { Signer, SpotClient, Totp } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

export async function app() {
  const signer = new Signer("kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==");
  const body = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
  const signature = signer.signSpot("/0/private/AddOrder", "1616492376594", body);
  const code = new Totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", { digits: 8 }).code(59_000);
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const client = new SpotClient({ key, secret, fetch: exchange.fetch });
  await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1.25", price: "37500" });
  return { signature, code, executed: exchange.executions.map(({ endpoint }) => endpoint).join() };
}
