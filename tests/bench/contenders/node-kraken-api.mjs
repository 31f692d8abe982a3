// node-kraken-api: what it exports to sign with; its headers come along.
const sign = async ({ key, secret }) => {
  const { _Authenticator: Authenticator } = await import("node-kraken-api");
  const { signedHeaders } = new Authenticator(key, secret);
  return ({ path, nonce, body }) => signedHeaders(path, body, nonce)["API-Sign"];
};

export default { spot: { "node-kraken-api": sign }, batch: { "node-kraken-api": sign } };
