// A Worker whose client, lane and tokens are at module scope, as people write them.
import { env } from "cloudflare:workers";
import * as kraken from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { faultMatrix } from "./suite/fault-matrix.mjs";
import { inOrder } from "./suite/order.mjs";

const client = new kraken.SpotClient({ key: env.KEY, secret: env.SECRET, baseUrl: env.EXCHANGE, timeout: 20_000 });
const tokens = new kraken.TokenManager(client);
const kit = { ...kraken, Exchange };

const routes = {
  "/balance": () => client.call("Balance"),
  "/order": () => client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 30000, volume: "0.1" }),
  "/sign-sync": () => client.signSync("Balance").body,
  "/token": () => tokens.get(),
  "/faults": () => faultMatrix(kit),
  "/in-order": ({ searchParams }) => inOrder(kit, { calls: 2000, concurrency: Number(searchParams.get("concurrency")) }),
};

export default {
  async fetch(request) {
    const url = new URL(request.url);
    try {
      return Response.json({ result: await routes[url.pathname](url) });
    } catch (error) {
      return Response.json({ error: String(error?.stack ?? error) }, { status: 500 });
    }
  },
};
