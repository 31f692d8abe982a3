// This package, as its users call it.
import { NonceSource, Signer, SpotClient, Totp } from "kraken-signer";

const sign = ({ secret }) => {
  const signer = new Signer(secret);
  return ({ path, nonce, body }) => signer.signSpot(path, nonce, body);
};

const client = ({ key, secret }, options) => new SpotClient({ key, secret, nonce: new NonceSource(), allowBrowser: true, ...options });

export default {
  spot: { "kraken-signer": sign },
  batch: { "kraken-signer": sign },
  request: {
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
        return new Response('{"error":[],"result":{}}');
      };
      const kraken = client(shared, { fetch });
      const run = ({ endpoint, params }) => kraken.call(endpoint, params);
      run.show = () => {
        const headers = new Headers(sent.init.headers);
        return { url: String(sent.url), key: headers.get("API-Key"), sign: headers.get("API-Sign"), body: sent.init.body };
      };
      return run;
    },
  },
  totp: {
    "kraken-signer": ({ setupKey }) => {
      const totp = new Totp(setupKey);
      return ({ at }) => totp.code(at);
    },
  },
};
