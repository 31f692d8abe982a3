// kraken-api: its own function, which the bundle brings out (see bundle.mjs), and which encodes the parameters itself.
export default {
  spot: {
    "kraken-api, from parameters": async ({ secret }) => {
      const { getMessageSignature } = (await import("kraken-api")).default;
      return ({ path, nonce, params }) => getMessageSignature(path, params, secret, nonce);
    },
  },
  request: {
    "kraken-api, api": async ({ key, secret }) => {
      const { default: Client } = await import("kraken-api");
      const { default: got } = await import("got");
      const client = new Client(key, secret);
      const run = ({ endpoint, params }) => client.api(endpoint, { nonce: String(Date.now()), ...params });
      run.show = () => {
        const { url, headers, body } = got.sent;
        return { url, key: headers["API-Key"], sign: headers["API-Sign"], body };
      };
      return run;
    },
  },
};
