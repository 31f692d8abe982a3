// Places the orders of an SQS queue from AWS Lambda, which freezes a process between two calls, and may deliver a message twice.
import { SpotClient, placeOrder } from "kraken-signer";
import { nodeFetch } from "kraken-signer/node";

const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: baseUrl } = process.env;
// Outside of the handler, so that a process keeps its connection and the order of its nonces. After a long freeze, the connection is not used again.
const kraken = new SpotClient({ key, secret, baseUrl, fetch: nodeFetch({ idleTimeout: 10_000 }) });

export async function handler({ Records }) {
  for (const { body, attributes } of Records) {
    // The sender of the message has made `cl_ord_id` with clientOrderId().
    const { cl_ord_id, type, volume } = JSON.parse(body);
    const order = { pair: "XBTUSD", ordertype: "market", type, volume, cl_ord_id };
    const again = Number(attributes.ApproximateReceiveCount) > 1;
    const { orderId, found } = await placeOrder(kraken, order, { again });
    console.log(cl_ord_id, orderId, found ? "found" : "placed");
  }
}
