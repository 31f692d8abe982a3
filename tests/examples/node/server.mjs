// Places limit orders for the programs of your own network: POST /orders, and GET /orders/:cl_ord_id to look one up.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { ApiError, SpotClient, UnknownOutcomeError, clientOrderId } from "kraken-signer";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: baseUrl, TOKEN: token, PORT = "3000" } = process.env;
if (!token) throw new Error("TOKEN is missing: whoever has it can trade.");
const kraken = new SpotClient({ key, secret, baseUrl });

const app = new Hono();
app.use(bearerAuth({ token }));

app.post("/orders", async (c) => {
  // Only these: no caller can slip in leverage, a market order or another pair.
  const { type, volume, price } = await c.req.json();
  const cl_ord_id = clientOrderId();
  const order = { pair: "XBTUSD", type, ordertype: "limit", volume, price, cl_ord_id };
  try {
    const { txid } = await kraken.call("AddOrder", order);
    return c.json({ cl_ord_id, txid: txid[0] }, 201);
  } catch (error) {
    if (error instanceof ApiError) return c.json({ errors: error.errors, hint: error.hint }, 422);
    // Accepted, with an outcome that nobody knows yet: the caller looks it up, and must not send it again before.
    if (error instanceof UnknownOutcomeError) return c.json({ cl_ord_id }, 202, { Location: `/orders/${cl_ord_id}` });
    throw error;
  }
});

app.get("/orders/:cl_ord_id", async (c) => {
  const { open } = await kraken.call("OpenOrders", c.req.param());
  const { closed } = await kraken.call("ClosedOrders", c.req.param());
  const [found] = Object.entries({ ...open, ...closed });
  return found ? c.json({ txid: found[0], ...found[1] }) : c.notFound();
});

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(PORT) }, ({ port }) => console.log(`http://127.0.0.1:${port}`));
