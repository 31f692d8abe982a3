// A name that is no text is refused with a message of the package, before anything goes to the object.
import assert from "node:assert/strict";
import { test } from "node:test";
import { futuresClient, spotClient } from "kraken-signer/durable-object";

/** Values that are no text, some of which cannot even become text, with what a message calls them. */
const WRONG = [
  [Symbol("endpoint"), "a symbol"],
  [null, "null"],
  [undefined, "undefined"],
  [{}, "an object"],
  [Object.create(null), "an object"],
  [["AddOrder"], "an array"],
  [5, "a number"],
  [() => "AddOrder", "a function"],
];

const asked = [];
const stub = new Proxy({}, { get: () => async (name) => void asked.push(name) });
const spot = spotClient(stub);
const futures = futuresClient(stub);

const CALLS = {
  call: (name) => spot.call(name),
  "call with parameters that are none either": (name) => spot.call(name, 5),
  "the method of a request": (name) => spot.request(name, "/funding/v1/methods"),
  "the path of a request": (name) => spot.request("POST", name, { body: {} }),
  ...Object.fromEntries(["get", "post", "put", "delete"].map((method) => [method, (name) => futures[method](name)])),
};

for (const [what, call] of Object.entries(CALLS))
  test(what, async () => {
    for (const [value, described] of WRONG) {
      const error = await call(value).then(assert.fail, (reason) => reason);
      assert.equal(error.code, "ERR_INVALID_REQUEST", `${error.stack}`);
      assert.match(error.message, new RegExp(`^Invalid (endpoint|method|path): expected text such as "[\\w/]+", got ${described}\\.$`));
    }
    assert.deepEqual(asked, []);
  });
