// `sign` of ccxt's class for Kraken, by its file: the other hundred exchanges stay out of the bundle.
export default {
  request: {
    ccxt: async ({ key, secret }) => {
      const { default: Kraken } = await import("../node_modules/ccxt/js/src/kraken.js");
      const exchange = new Kraken({ apiKey: key, secret });
      const run = ({ endpoint, params }) => exchange.sign(endpoint, "private", "POST", params);
      run.show = ({ url, headers, body }) => ({ url, key: headers["API-Key"], sign: headers["API-Sign"], body });
      return run;
    },
  },
};
