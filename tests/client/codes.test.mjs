// One-time passwords that ran out on the way: what follows the refusal of the first code is what counts.
import assert from "node:assert/strict";
import test from "node:test";
import { SpotClient, Totp } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

test("a connection that breaks under the fresh code is what went wrong, and not the code before: a read is made again", async () => {
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
