// Sends orders, one after the other, each with a nonce of its own, and tells how many were answered.
import { exchange } from "../../pkg-template/src/rest/http/exchange.ts";

/**
 * @param bare with the runtime's `fetch` as it is
 * @param pool the options of a client of Deno's, as docs/connections.md shows it
 */
export async function sendOrders({ url, count, methods = ["POST"], bare = false, write = true, pool }) {
  const client = pool && Deno.createHttpClient(pool);
  const send = client ? (url, init) => fetch(url, { ...init, client }) : fetch;
  const { signal } = new AbortController();
  let answered = 0;
  for (let i = 0; i < count; i++) {
    const method = methods[i % methods.length];
    const headers = { "API-Sign": "s".repeat(88), "Content-Type": "application/x-www-form-urlencoded", "x-id": `${i}` };
    const body = method === "DELETE" ? null : `nonce=${i}&pair=XBTUSD`;
    try {
      if (bare) await (await send(url, { method, headers, body })).text();
      else await exchange(send, { url, method, headers, body, redirect: "manual" }, signal, { write });
      answered++;
    } catch (error) {
      if (!bare && !error.failure) throw error;
    }
  }
  return { answered };
}

const [argument] = globalThis.Deno?.args ?? globalThis.process?.argv?.slice(2) ?? [];
if (argument) {
  console.log(JSON.stringify(await sendOrders(JSON.parse(argument))));
  globalThis.process?.exit?.(0);
}
