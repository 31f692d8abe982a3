// This package's requests, as its users ask for them.
import { NonceSource, SpotClient } from "kraken-signer";

const client = ({ key, secret }, options) =>
  new SpotClient({ key, secret, nonce: new NonceSource(), allowBrowser: true, clientOrderIds: false, ...options });

export default {
  request: {
    "kraken-signer, signSync": (shared) => {
      const kraken = client(shared);
      const run = ({ endpoint, params }) => kraken.signSync(endpoint, params);
      run.show = ({ url, headers, body }) => ({ url, key: headers["API-Key"], sign: headers["API-Sign"], body });
      return run;
    },
    "kraken-signer, sign": (shared) => {
      const kraken = client(shared);
      const run = ({ endpoint, params }) => kraken.sign(endpoint, params);
      run.show = async (request) => ({
        url: request.url,
        key: request.headers.get("API-Key"),
        sign: request.headers.get("API-Sign"),
        body: await request.text(),
      });
      return run;
    },
    // Everything that a call is but the network: what is handed to fetch, and the answer that is read.
    "kraken-signer, call": (shared) => {
      let sent;
      const fetch = async (url, init) => {
        sent = { url, init };
        return new Response('{"error":[],"result":{"txid":["OUF4EM-FRGI2-MQMWZD"],"descr":{"order":""}}}');
      };
      const kraken = client(shared, { fetch });
      const run = ({ endpoint, params }) => kraken.call(endpoint, params);
      // The body is a stream wherever a runtime could otherwise send it twice.
      run.show = async () => {
        const headers = new Headers(sent.init.headers);
        const body = await new Response(sent.init.body).text();
        return { url: String(sent.url), key: headers.get("API-Key"), sign: headers.get("API-Sign"), body };
      };
      return run;
    },
  },
};
