// No file and no function of the package is too long, and no function changes too many variables.
import assert from "node:assert/strict";
import test from "node:test";
import { files, functionsOf, mutableIn, parsed } from "./helper.mjs";

const LONGEST_FILE = 400;
const LONGEST_FUNCTION = 60;

/** Functions that are longer, each with its reason. */
const LONG_FUNCTIONS = {
  "rest/answer/error-patterns.ts:spotTable": "a table",
  "testing/socket/memory.ts:createWebSocket": "a class, whose methods share what it closes over",
};

const MOST_MUTABLE = 3;

/** Functions that change more variables, each with its reason. */
const MANY_MUTABLE = {};

/** Lines of a file; where endpoints are typed, without those that document a field: each field has one. */
function linesOf(file) {
  const lines = parsed.get(file).text.trimEnd().split("\n");
  return file.includes("/endpoints/") ? lines.filter((line) => !/^ +\/\*\*.*\*\/$/.test(line)).length : lines.length;
}

test(`no file has more than ${LONGEST_FILE} lines`, () => {
  const long = files.filter((file) => linesOf(file) > LONGEST_FILE);
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

test(`no function has more than ${MOST_MUTABLE} mutable variables`, () => {
  const many = files.flatMap((file) =>
    functionsOf(file)
      .map(({ name, node }) => ({ name: `${file}:${name}`, mutable: mutableIn(node) }))
      .filter(({ name, mutable }) => mutable.length > MOST_MUTABLE && !MANY_MUTABLE[name])
      .map(({ name, mutable }) => `${name} has ${mutable.join(", ")}`),
  );
  assert.deepEqual(many, []);
});

test("every exception is one", () => {
  const functions = files.flatMap((file) => functionsOf(file).map((one) => ({ ...one, name: `${file}:${one.name}` })));
  const isLong = (name) => functions.some((one) => one.name === name && one.lines > LONGEST_FUNCTION);
  const isMutable = (name) => functions.some((one) => one.name === name && mutableIn(one.node).length > MOST_MUTABLE);
  assert.deepEqual(
    [...Object.keys(LONG_FUNCTIONS).filter((name) => !isLong(name)), ...Object.keys(MANY_MUTABLE).filter((name) => !isMutable(name))],
    [],
  );
});
