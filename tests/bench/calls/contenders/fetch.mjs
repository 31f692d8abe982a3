// A request that nobody signs, and the same request as the least program sends it that signs, ends after a while, and reads the answer: the floor
// of what a client can take.
import { Signer } from "kraken-signer";

/** Signs, sends and reads, with a nonce, a timer and a signal: what every client has to do, and nothing else. */
export function floor({ url, key, secret, signer = new Signer(secret), send = fetch }) {
  let last = Date.now() * 1000;
  return async (endpoint, params = "") => {
    const path = `/0/private/${endpoint}`;
    const nonce = String((last += 1));
    const body = `nonce=${nonce}${params}`;
    const headers = {
      "API-Key": key,
      "API-Sign": signer.signSpot(path, nonce, body),
      "Content-Type": "application/x-www-form-urlencoded",
      "User-Agent": "kraken-signer",
    };
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 30_000);
    try {
      const response = await send(url + path, { method: "POST", headers, body, redirect: "manual", signal: stop.signal });
      const { error, result } = JSON.parse(await response.text());
      if (error.length) throw new Error(error[0]);
      return result;
    } finally {
      clearTimeout(timer);
    }
  };
}

export default {
  "bare fetch": ({ url, endpoint, bare: { headers, body }, keys }) => {
    const call = async () => {
      const response = await fetch(`${url}/0/private/${endpoint}`, { method: "POST", headers, body });
      return JSON.parse(await response.text()).result;
    };
    return keys.map(() => call);
  },
  floor: ({ url, endpoint, keys }) =>
    keys.map((key) => {
      const call = floor({ url, ...key });
      return () => call(endpoint);
    }),
};
