// Places many orders and tells what became of each, as its caller was told. Neutral of the runtime.

/** Places `count` orders, `parallel` at a time, each with an id of its own. */
export async function placeMany({ SpotClient, placeOrder }, { baseUrl, key, secret, count, parallel, prefix = "" }) {
  const client = new SpotClient({ key, secret, baseUrl, timeout: 20_000 });
  const outcomes = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const cl_ord_id = `${prefix}${(next += 1)}`;
      const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.0001", cl_ord_id };
      outcomes.push({ id: cl_ord_id, ...(await outcomeOf(placeOrder(client, order, { timeout: 40_000 }))) });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  client.close();
  return outcomes;
}

async function outcomeOf(placing) {
  try {
    const { orderId, found } = await placing;
    return { outcome: "placed", orderId, found };
  } catch (error) {
    return { outcome: error.name === "UnknownOutcomeError" ? "unknown" : "not placed", error: `${error.name}: ${error.message}` };
  }
}
