// The calls of the demo: the same in Node and in a Worker.
import { ApiError, SpotClient, Totp, clientOrderId } from "kraken-signer";

/**
 * Makes the calls against the exchange at `env.EXCHANGE_URL` with the keys in `env`.
 *
 * @returns what was sent and answered, and what a program saw, call by call
 */
export async function makeCalls(env) {
  const steps = [];
  const otp = new Totp(env.OTP_SETUP_KEY);
  const client = (options) => {
    const recording = async (url, init) => {
      const response = await fetch(url, init);
      const { method, headers, body } = init;
      const sent = { method, path: new URL(url).pathname, sign: new Headers(headers).get("API-Sign"), body };
      steps.at(-1).requests.push({ ...sent, answer: await response.clone().text() });
      return response;
    };
    return new SpotClient({ key: env.API_KEY, secret: env.API_SECRET, otp, baseUrl: env.EXCHANGE_URL, fetch: recording, ...options });
  };
  const step = async (title, work) => {
    const entry = { title, requests: [] };
    steps.push(entry);
    try {
      entry.result = await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      entry.error = { name: error.name, message: error.message, kind: error.kind, hint: error.hint };
    }
    return entry.result;
  };

  const kraken = client();
  await step("Balance", () => kraken.call("Balance"));
  const order = await step("AddOrder: buy 1.25 XBT at 37500, on a key with two factors", () =>
    kraken.call("AddOrder", {
      pair: "XBTUSD",
      type: "buy",
      ordertype: "limit",
      volume: "1.25",
      price: "37500",
      cl_ord_id: clientOrderId(),
    }),
  );
  await step("OpenOrders", () => kraken.call("OpenOrders"));
  await step("CancelOrder", () => kraken.call("CancelOrder", { txid: order.txid[0] }));

  await step("Wrong: another key's secret", () => client({ secret: env.OTHER_SECRET }).call("Balance"));
  await step("Wrong: no two-factor code", () => client({ otp: undefined }).call("Balance"));
  await step("Wrong: a stale nonce", () => client({ lane: { run: (send) => send("1700000000000") } }).call("Balance"));
  return steps;
}
