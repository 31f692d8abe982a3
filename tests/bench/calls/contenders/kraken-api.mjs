export default {
  "kraken-api": async ({ url, endpoint, keys }) => {
    const { default: Client } = await import("kraken-api");
    return keys.map(({ key, secret }) => {
      const client = new Client(key, secret, { url, timeout: 30_000 });
      return async () => (await client.api(endpoint)).result;
    });
  },
};
