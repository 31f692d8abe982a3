// Every file of the package stands in one room, and what it imports stands below.
import assert from "node:assert/strict";
import test from "node:test";
import { files, importsOf } from "./helper.mjs";
import { LAYERS } from "./layers.mjs";

const rooms = LAYERS.flatMap((layer, depth) => layer.map((name) => ({ name, depth })));

const roomsOf = (file) => rooms.filter(({ name }) => file.startsWith(name));

test("every file belongs to exactly one room", () => {
  const wrong = files.filter((file) => roomsOf(file).length !== 1);
  assert.deepEqual(
    wrong.map(
      (file) =>
        `${file}: ${
          roomsOf(file)
            .map(({ name }) => name)
            .join(" and ") || "no room"
        }`,
    ),
    [],
  );
});

test("every room has a file", () => {
  assert.deepEqual(
    rooms.map(({ name }) => name).filter((name) => !files.some((file) => file.startsWith(name))),
    [],
  );
});

test("no arrow climbs, and none leads to the room next door", () => {
  const wrong = files.flatMap((file) => {
    const [from] = roomsOf(file);
    return importsOf(file).flatMap(({ target }) => {
      const [to] = roomsOf(target);
      return to === from || to.depth > from.depth ? [] : `${file} → ${target}`;
    });
  });
  assert.deepEqual(wrong, []);
});

test("no circle between files, not even of types", () => {
  const circles = [];
  const states = new Map();
  const visit = (file, path) => {
    if (states.get(file) === "done") return;
    if (states.get(file) === "open") return void circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    states.set(file, "open");
    for (const { target } of importsOf(file)) visit(target, [...path, file]);
    states.set(file, "done");
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(circles, []);
});

test("the simulated exchange imports nothing but types from the clients it judges", () => {
  const arrows = files
    .filter((file) => file.startsWith("testing/"))
    .flatMap((file) =>
      importsOf(file).flatMap(({ target, isType }) => (isType || target.startsWith("testing/") ? [] : `${file} → ${target}`)),
    );
  assert.deepEqual(arrows, []);
});
