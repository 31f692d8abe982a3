// No file and no function of the package is too long.
import assert from "node:assert/strict";
import test from "node:test";
import { files, functionsOf, parsed } from "./helper.mjs";

const LONGEST_FILE = 400;
const LONGEST_FUNCTION = 60;

/** Functions that are longer, each with its reason. */
const LONG_FUNCTIONS = {
  "rest/answer/error-patterns.ts:spotTable": "a table",
  "testing/socket/memory.ts:createWebSocket": "a class, whose methods share what it closes over",
};

test(`no file has more than ${LONGEST_FILE} lines`, () => {
  const long = files.filter((file) => parsed.get(file).getLineStarts().length - 1 > LONGEST_FILE);
  assert.deepEqual(long, []);
});

test(`no function has more than ${LONGEST_FUNCTION} lines`, () => {
  const long = files.flatMap((file) =>
    functionsOf(file)
      .map(({ name, lines }) => ({ name: `${file}:${name}`, lines }))
      .filter(({ name, lines }) => lines > LONGEST_FUNCTION && !LONG_FUNCTIONS[name])
      .map(({ name, lines }) => `${name} has ${lines}`),
  );
  assert.deepEqual(long, []);
});
