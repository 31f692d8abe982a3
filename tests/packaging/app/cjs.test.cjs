// Under jest a package is loaded into a context of its own, with jest's resolver.
const { Signer, SpotClient, Totp, InvalidSecretError } = require("kraken-signer");
const { Exchange } = require("kraken-signer/testing");

test("signs, from text and from bytes", () => {
  const signature = new Signer("AQEBAQE=").signSpot("/0/private/Balance", 1);
  expect(signature).toHaveLength(88);
  expect(new Signer(Uint8Array.of(1, 1, 1, 1, 1)).signSpot("/0/private/Balance", 1n)).toBe(signature);
  expect(() => new Signer("")).toThrow(InvalidSecretError);
  expect(new Totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").code(59_000)).toBe("287082");
});

test("calls", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const client = new SpotClient({ key, secret, fetch: exchange.fetch });
  expect(await client.call("Balance")).toHaveProperty("ZUSD");
});
