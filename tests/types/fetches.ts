// Whatever people pass as `fetch`.
import { nodeFetch } from "kraken-signer/node";
import crossFetch from "cross-fetch";
import { type ClientOptions, type Fetch, FuturesClient, SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import nodeFetch3 from "node-fetch";
import nodeFetch2 from "node-fetch2";
import { fetch as undiciFetch } from "undici";

const key = "key";
const secret = "secret";
const service: { fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> } = { fetch };

export const clients = [fetch, globalThis.fetch, undiciFetch, nodeFetch2, nodeFetch3, crossFetch, nodeFetch(), new Exchange().fetch].map(
  (one: Fetch) => new SpotClient({ key, secret, fetch: one }),
);

new FuturesClient({ fetch: (url, init) => service.fetch(url, init) });
new SpotClient({
  fetch: async (url, { method }) => ({ status: method === "GET" && url ? 200 : 500, json: async () => ({ error: [], result: {} }) }),
});
new SpotClient({ fetch: async () => new Response("{}") });
const options: ClientOptions = { fetch: undiciFetch };
new SpotClient(options);

// @ts-expect-error An answer is an object.
new SpotClient({ fetch: async () => "{}" });
// @ts-expect-error A promise is needed.
new SpotClient({ fetch: () => new Response() });
// @ts-expect-error Not a function.
new SpotClient({ fetch: "undici" });
