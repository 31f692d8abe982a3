// This package over `nodeFetch`, and the floor over it: Node's own agent, and as little as possible around it.
import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { SpotClient } from "kraken-signer";
import { nodeFetch } from "kraken-signer/node";
import { floor } from "./fetch.mjs";

/** The least that is a `fetch` for the floor: on Node's agent, which keeps its connections. */
function leastFetch(url) {
  const isSecure = url.startsWith("https");
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const request = isSecure ? requestHttps : requestHttp;
  return (target, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const sent = request(target, { method, headers: { ...headers, "Content-Length": Buffer.byteLength(body) }, agent, signal });
      sent.on("error", reject);
      sent.on("response", (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve({ text: () => Buffer.concat(chunks).toString() }));
      });
      sent.end(body);
    });
}

export default {
  "kraken-signer, nodeFetch": ({ url, endpoint, keys }) => {
    const fetch = nodeFetch({ proxy: null });
    return keys.map((key) => {
      const client = new SpotClient({ ...key, baseUrl: url, fetch });
      return () => client.call(endpoint);
    });
  },
  "floor, node:http": ({ url, endpoint, keys }) => {
    const send = leastFetch(url);
    return keys.map((key) => {
      const call = floor({ url, ...key, send });
      return () => call(endpoint);
    });
  },
};
