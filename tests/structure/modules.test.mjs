// Every file of the package stands in one module, and what it imports stands below.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { files, importsOf } from "./helper.mjs";
import { LAYERS } from "./layers.mjs";

const modules = LAYERS.flatMap((layer, depth) => layer.map((name) => ({ name, depth })));

const modulesOf = (file) => modules.filter(({ name }) => file.startsWith(name));

test("every file belongs to exactly one module", () => {
  const wrong = files.filter((file) => modulesOf(file).length !== 1);
  assert.deepEqual(
    wrong.map(
      (file) =>
        `${file}: ${
          modulesOf(file)
            .map(({ name }) => name)
            .join(" and ") || "no module"
        }`,
    ),
    [],
  );
});

test("every module has a file", () => {
  assert.deepEqual(
    modules.map(({ name }) => name).filter((name) => !files.some((file) => file.startsWith(name))),
    [],
  );
});

test("no module imports from a higher layer or from a module beside it", () => {
  const wrong = files.flatMap((file) => {
    const [from] = modulesOf(file);
    return importsOf(file).flatMap(({ target }) => {
      const [to] = modulesOf(target);
      return to === from || to.depth > from.depth ? [] : `${file} → ${target}`;
    });
  });
  assert.deepEqual(wrong, []);
});

test("files do not import each other in a cycle, not even for types", () => {
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

test("the simulated exchange imports only types from the clients that it checks", () => {
  const arrows = files
    .filter((file) => file.startsWith("testing/"))
    .flatMap((file) =>
      importsOf(file).flatMap(({ target, isType }) => (isType || target.startsWith("testing/") ? [] : `${file} → ${target}`)),
    );
  assert.deepEqual(arrows, []);
});

test("every file and folder that ARCHITECTURE.md and CONTRIBUTING.md name exists", () => {
  const top = new URL("../../", import.meta.url);
  const exists = (path) => ["", "pkg-template/src/"].some((folder) => existsSync(new URL(folder + path, top)));
  const text = ["ARCHITECTURE.md", "CONTRIBUTING.md"].map((name) => readFileSync(new URL(name, top), "utf8")).join("\n");
  const names = [...text.matchAll(/`([\w./-]+(?:\/|\.(?:ts|mjs|rs|md)))`/g)].map(([, name]) => name);
  assert.ok(names.length > 20, `${names.length} names`);
  assert.deepEqual(
    names.filter((name) => !exists(name)),
    [],
  );
});

test("ARCHITECTURE.md names every folder of the package", () => {
  const text = readFileSync(new URL("../../ARCHITECTURE.md", import.meta.url), "utf8");
  const folders = [...new Set(files.map((file) => file.split("/")[0]).filter((name) => !name.endsWith(".ts")))];
  assert.deepEqual(
    folders.filter((name) => !text.includes(`${name}/`)),
    [],
  );
});
