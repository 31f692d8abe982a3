// Objects whose Kraken answers what a row of the table says, and a Worker that calls them; and one that places orders.
import { placeOrder } from "kraken-signer";
import { KrakenFuturesKey, KrakenKey, futuresClient, spotClient } from "kraken-signer/durable-object";
import { callFor, expectOutcome } from "./judge.mjs";

/** What the objects' Kraken answers; they live in one isolate with the Worker. */
let current;
let requests = 0;
const answer = async () => {
  requests += 1;
  return new Response([204, 304].includes(current.status) ? null : current.body, { status: current.status });
};
const options = (env) => () => ({ key: "K".repeat(56), secret: env.SECRET, fetch: answer, retries: 0 });

export class SpotTable extends KrakenKey {
  constructor(ctx, env) {
    super(ctx, env, options(env));
  }
}
export class FuturesTable extends KrakenFuturesKey {
  constructor(ctx, env) {
    super(ctx, env, options(env));
  }
}
export { KrakenKey };

async function judgeAll(rows, env) {
  const wrong = [];
  for (const row of rows) {
    current = row;
    requests = 0;
    const client = row.api === "futures" ? futuresClient(env.FUTURES.getByName("a")) : spotClient(env.SPOT.getByName("a"));
    const problem = await expectOutcome(row, () => callFor(client, row));
    if (problem) wrong.push(`${JSON.stringify(row)}: ${problem}`);
    if (row.outcome !== "failed" && requests !== 1) wrong.push(`${JSON.stringify(row)}: sent ${requests} times`);
  }
  return wrong;
}

export default {
  async fetch(request, env) {
    const { rows, order } = await request.json();
    if (rows) return Response.json(await judgeAll(rows, env));
    try {
      return Response.json(await placeOrder(spotClient(env.KRAKEN_KEY.getByName("trading")), order, { settle: 50 }));
    } catch (error) {
      return Response.json({ error: `${error.name}: ${error.message} ${error.reason ?? ""}` });
    }
  },
};
