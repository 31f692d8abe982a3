// Places an order in a Workflow, whose steps are retried. The id is the result of a step of its own, so it is stored before the order is sent.
import { WorkflowEntrypoint } from "cloudflare:workers";
import { NonRetryableError } from "cloudflare:workflows";
import { clientOrderId, placeOrder } from "kraken-signer";
import { spotClient } from "kraken-signer/durable-object";

export { KrakenKey } from "kraken-signer/durable-object";

const retries = { limit: 5, delay: "1 second", backoff: "exponential" };

export class Buy extends WorkflowEntrypoint {
  async run({ payload }, step) {
    const cl_ord_id = await step.do("make the id", async () => clientOrderId());
    return step.do("place the order", { retries }, async ({ attempt }) => {
      const kraken = spotClient(this.env.KRAKEN_KEY.getByName("trading"));
      const order = { pair: "XBTUSD", ordertype: "market", type: "buy", volume: payload.volume, cl_ord_id };
      try {
        const { orderId } = await placeOrder(kraken, order, { again: attempt > 1 });
        return orderId;
      } catch (error) {
        // Kraken rejected it, as it would the next time.
        if (error.code === "ERR_API" && !error.retryable) throw new NonRetryableError(error.message);
        throw error;
      }
    });
  }
}

export default {
  async fetch(request, env) {
    const { id } = await env.BUY.create({ params: await request.json() });
    return Response.json({ id }, { status: 202 });
  },
};
