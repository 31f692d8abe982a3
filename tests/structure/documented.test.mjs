// Every field that is typed says what it is.
import assert from "node:assert/strict";
import test from "node:test";
import ts from "typescript6";
import { files, parsed } from "./helper.mjs";

/** Fields of the interfaces in a file that have no documentation; those that list endpoints aside. */
function silentIn(file) {
  const found = [];
  const walk = (node) => {
    if (ts.isInterfaceDeclaration(node) && !node.name.text.endsWith("Endpoints"))
      for (const field of node.members)
        if (ts.isPropertySignature(field) && !ts.isComputedPropertyName(field.name) && !field.jsDoc?.length)
          found.push(`${file}: ${node.name.text}.${field.name.getText()}`);
    node.forEachChild(walk);
  };
  walk(parsed.get(file));
  return found;
}

test("every field of an endpoint's parameters and results is documented", () => {
  const typed = files.filter((file) => /\/(spot|futures)\/endpoints\//.test(`/${file}`) && file.startsWith("rest/"));
  assert.ok(typed.length > 10);
  assert.deepEqual(typed.flatMap(silentIn), []);
});
