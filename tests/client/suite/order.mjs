// Requests with one key stay in order: whatever the network does, no nonce arrives late. Neutral of the runtime.

/**
 * `calls` calls at a concurrency, with 0–8 ms of jitter before arrival, against an exchange that takes nonces strictly.
 *
 * @returns how long it took; rejects if any nonce was refused, a call failed, or requests arrived in another order than they were made
 */
export async function inOrder({ SpotClient, Exchange }, { calls, concurrency, clients = 1, unit = "ms", jitter = 8 }) {
  const exchange = new Exchange({ arrivalDelay: () => Math.random() * jitter });
  const key = exchange.addKey();
  const open = () =>
    new SpotClient({ key: key.key, secret: key.secret, fetch: exchange.fetch, nonce: { unit }, timeout: 600_000, retries: 0 });
  const all = Array.from({ length: clients }, open);
  let next = 0;
  const started = Date.now();
  const worker = async () => {
    for (let i; (i = next++) < calls;)
      await all[i % clients].call(
        i % 5 ? "Balance" : "AddOrder",
        i % 5 ? {} : { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 30000, volume: "0.1", userref: i },
      );
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const refused = exchange.requests.filter(({ errors }) => errors.length);
  if (refused.length) throw new Error(`${refused.length} refused: ${refused[0].errors}`);
  if (exchange.requests.length !== calls) throw new Error(`${exchange.requests.length} requests for ${calls} calls`);
  // Served first come, first served.
  const refs = exchange.executions.filter(({ write }) => write).map(({ params }) => Number(params.userref));
  if (refs.some((ref, i) => i && ref < refs[i - 1])) throw new Error("not first come, first served");
  const nonces = exchange.executions.map(({ nonce }) => BigInt(nonce));
  if (nonces.some((nonce, i) => i && nonce <= nonces[i - 1])) throw new Error("nonces do not increase");
  return Date.now() - started;
}
