// Runs rows with a client, and says of each what became of it.
import assert from "node:assert/strict";
import { Absent, openExchange, same } from "./helper.mjs";

const words = (error) => `${error.name}: ${error.message}`;

/** What a client makes of a refusal: its message has Kraken's words, and where its errors have classes, it is of the right one. */
const refused = (client) => (pattern, name) => (error) => {
  if (error instanceof Absent) throw error;
  assert.match(words(error), pattern);
  if (client.classesOfErrors) assert.equal(error.constructor.name, name);
  return true;
};

const seconds = (time) => time.$time ?? Date.parse(time) / 1000;

/** Opens a client with a key, and gives its rows what they need. */
async function prepare(client, on, { key: options = client.key, wrongSecret = false } = {}) {
  const key = on.exchange.addKey(options);
  const code = typeof key.otp === "function" ? await key.otp() : key.otp?.password;
  const { secret } = wrongSecret ? on.exchange.addKey(options) : key;
  const opened = await client.open({ url: on.server.url, socketUrl: on.server.socketUrl, key: key.key, secret, code });
  const quirks = client.quirks ?? {};
  return { ...on, ...client, ...opened, key, quirks, seconds, same: (got, held) => same(got, held, quirks), refused: refused(client) };
}

/** @returns `works`, `absent`, or the error */
async function outcome(run, with_) {
  // The clocks of some clients' nonces count milliseconds, and two calls in one are refused.
  await new Promise((resolve) => setTimeout(resolve, 2));
  with_.tick();
  await with_.reset();
  try {
    await run(with_);
    return "works";
  } catch (error) {
    return error instanceof Absent ? "absent" : error;
  }
}

/** Runs every row with a client against an exchange of its own. */
export async function runRows(client, rows) {
  const on = await openExchange();
  const outcomes = {};
  const usual = await prepare(client, on);
  try {
    for (const [row, what] of Object.entries(rows)) {
      const own = typeof what === "function" ? undefined : await prepare(client, on, what);
      outcomes[row] = await outcome(what.run ?? what, own ?? usual);
      await own?.close?.();
    }
  } finally {
    await usual.close?.();
    await on.server.close();
  }
  return outcomes;
}
