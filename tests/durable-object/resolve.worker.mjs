// A Worker that loses orders through an object and looks for them, as one program; and an object whose options never come.
import { resolveOrder } from "kraken-signer";
import { KrakenKey, spotClient } from "kraken-signer/durable-object";

export { KrakenKey };

/** An object that waits for its options for ever. */
export class Hanging extends KrakenKey {
  constructor(ctx, env) {
    super(ctx, env, () => new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1)));
  }
}

/** An object whose life a test ends, as a deployment does. */
export class Ending extends KrakenKey {
  end() {
    this.ctx.abort("ended by a test");
  }
}

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.1" };

/** What became of an error's order. */
async function resolved(client, error, timeout = 8000) {
  const { outcome, order, reason } = await resolveOrder(client, error, { timeout, settle: 0 });
  return order?.orderId ? `${outcome} ${order.orderId}` : `${outcome} ${reason ?? ""}`;
}

/** Takes steps one after the other: places an order, or looks for the last one that was lost, with the same stub or a new one. */
async function take(stubOf, { steps, order, timeout }) {
  const client = spotClient(stubOf());
  const told = [];
  let lost;
  for (const step of steps) {
    if (step === "end")
      await stubOf()
        .end()
        .catch(() => {});
    else if (step === "resolve") told.push(await resolved(client, lost, timeout));
    else if (step === "resolve anew") told.push(await resolved(spotClient(stubOf()), lost, timeout));
    else
      await client.call("AddOrder", { ...ORDER, ...order }).then(
        ({ txid }) => told.push(txid[0]),
        (error) => (told.push(error.name), (lost = error)),
      );
  }
  return told;
}

/** Calls an object that never answers. */
async function hang(client, { endpoint, timeout, abort }) {
  const stopper = new AbortController();
  if (abort) setTimeout(() => stopper.abort(new Error("enough")), abort);
  const error = await client
    .call(endpoint, endpoint === "AddOrder" ? ORDER : {}, { timeout, signal: stopper.signal })
    .catch((reason) => reason);
  return { name: error.name, message: error.message };
}

export default {
  async fetch(request, env) {
    const question = await request.json();
    const answer = question.steps
      ? await take(() => env[question.object ?? "KRAKEN_KEY"].getByName("trading"), question)
      : await hang(spotClient(env.HANGING.getByName("hanging")), question);
    return Response.json(answer);
  },
};
