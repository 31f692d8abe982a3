// node-kraken-api: its address is a constant, so its requests are turned to loopback.
import { createRequire } from "node:module";

export default {
  "node-kraken-api": ({ url, endpoint, keys }) => {
    const require = createRequire(import.meta.url);
    const [http, https] = [require("node:http"), require("node:https")];
    const { hostname, port, protocol } = new URL(url);
    const request = protocol === "https:" ? https.request : http.request;
    const method = endpoint[0].toLowerCase() + endpoint.slice(1);
    const { Kraken } = require("node-kraken-api");
    return keys.map(({ key, secret }) => {
      const client = new Kraken({ key, secret, timeout: 30_000 });
      return () => {
        const before = https.request;
        https.request = (options, then) => request({ ...options, hostname, port }, then);
        // The request is made before this returns.
        const answer = client[method]();
        https.request = before;
        return answer;
      };
    });
  },
};
