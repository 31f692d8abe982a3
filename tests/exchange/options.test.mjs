// Options and faults that the exchange does not know: if it ignored a misspelled one, a test would prove nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Exchange } from "kraken-signer/testing";

for (const [what, run, message] of [
  ["an option of the exchange", () => new Exchange({ balance: {} }), /^Unknown option `balance` of Exchange\. The options are now, /],
  [
    "an option of a key",
    () => new Exchange().addKey({ twofactor: true }),
    /^Unknown option `twofactor` of addKey\. The options are product, /,
  ],
  ["an option of the other product's keys", () => new Exchange().addKey({ level: "full" }), /^Unknown option `level` of addKey\./],
  ["a fault", () => new Exchange().inject({ fault: "timeout" }), /^Invalid `fault`: expected one of reset, .*, got "timeout"\.$/],
  [
    "a moment",
    () => new Exchange().inject({ fault: "reset", when: "later" }),
    /^Invalid `when`: expected one of before, after, got "later"\.$/,
  ],
])
  test(`${what} that does not exist is refused by name`, () => assert.throws(run, { name: "TypeError", message }));
