// One-time passwords that ran out on the way: what follows the refusal of the first code is what counts.
import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient, Totp } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

test("if the connection breaks after a code was replaced, the error is that of the connection, and a read is repeated", async () => {
  const exchange = new Exchange();
  const { key, secret, setupKey } = exchange.addKey({ otp: {} });
  const totp = new Totp(setupKey);
  const codes = ["000000"];
  const client = new SpotClient({ key, secret, fetch: exchange.fetch, otp: () => codes.pop() ?? totp.code() });
  exchange.inject({ fault: "error", error: "EAPI:Invalid signature", endpoint: "Balance" });
  exchange.inject({ fault: "reset", when: "before", endpoint: "Balance" });
  assert.ok(await client.call("Balance"));
  assert.equal(exchange.requests.filter(({ endpoint }) => endpoint === "Balance").length, 3);
});
