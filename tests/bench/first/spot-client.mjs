import { SpotClient } from "kraken-signer";

export async function sign({ key, secret, nonce, params }) {
  const kraken = new SpotClient({ key, secret, clientOrderIds: false, lane: { run: (send) => send(nonce) } });
  return (await kraken.sign("AddOrder", params)).headers.get("API-Sign");
}
