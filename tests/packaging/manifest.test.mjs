// What lies in the tarball, and what its package.json says about it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join, posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { project } from "../harness/installed.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const installed = join(project("manifest"), "node_modules/kraken-signer");
const files = readdirSync(installed, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => posix.join(entry.parentPath.slice(installed.length + 1).replaceAll("\\", "/"), entry.name));
const read = (name) => readFileSync(join(installed, name));
const manifest = JSON.parse(read("package.json"));

/** Every file that a condition of an entry leads to, with the way there. */
function targets(node, way = []) {
  if (typeof node === "string") return [{ target: node, way }];
  return Object.entries(node).flatMap(([key, value]) => targets(value, [...way, key]));
}

test("the tarball has the licenses, the README, the documentation and the compiled files, and nothing else", () => {
  const others = files.filter((name) => !/^dist\/(esm|cjs)\/.+\.(js|d\.ts)$|^docs\/(README|[a-z-]+)\.(md|svg)$/.test(name));
  assert.deepEqual(others.sort(), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "THIRD-PARTY.md",
    "dist/cjs/package.json",
    "dist/esm/kraken_signer.wasm",
    "dist/esm/kraken_signer_inspect.wasm",
    "package.json",
    "sbom.cdx.json",
  ]);
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) assert.ok(read(name).equals(readFileSync(join(root, name))), name);
  const docs = files.filter((name) => name.startsWith("docs/"));
  assert.deepEqual(docs.map((name) => name.slice(5)).sort(), readdirSync(join(root, "pkg-template/docs")).sort());
});

test("package.json says what npm and its readers need to know", () => {
  const { name, version, description, keywords, license, repository, engines, type, main, module, types } = manifest;
  assert.equal(name, "kraken-signer");
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.ok(description.length < 250 && keywords.length > 4);
  assert.equal(license, "MIT OR Apache-2.0");
  assert.match(repository.url, /^git\+https:\/\/.+\.git$/);
  assert.deepEqual(engines, { node: ">=20" });
  assert.equal(type, "module");
  const { import: esm, require: cjs } = manifest.exports["."];
  assert.deepEqual({ main, module, types }, { main: cjs.default, module: esm.default, types: cjs.types });
  // Nothing runs at installation, and nothing else is installed.
  for (const key of ["scripts", "dependencies", "devDependencies", "optionalDependencies", "bundleDependencies"])
    assert.ok(!(key in manifest), key);
  // The optional ones, if any, are a user's own choice.
  for (const peer of Object.keys(manifest.peerDependencies ?? {})) assert.ok(manifest.peerDependenciesMeta?.[peer]?.optional, peer);
});

/** The text files of the repository, without what is installed or built. */
const SKIPPED = new Set([".git", "node_modules", "target", "pkg", "built"]);
const textsIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : textsIn(path);
    return entry.isFile() && /\.(md|yml|html|json|toml|rs|ts|[cm]?js|css|sh|py)$/.test(entry.name) ? [path] : [];
  });

test("repository, names and version are those of Cargo.toml, wherever they are written", () => {
  const text = (name) => readFileSync(join(root, name), "utf8");
  const [, version] = /^version = "(.+)"$/m.exec(text("Cargo.toml"));
  const [, repository] = /^repository = "(.+)"$/m.exec(text("Cargo.toml"));
  const [, name] = /\[package\]\nname = "(.+)"$/m.exec(text("Cargo.toml"));
  assert.deepEqual([manifest.name, manifest.version, manifest.repository.url], [name, version, `git+${repository}.git`]);
  const written = textsIn(".").flatMap((file) =>
    (text(file).match(/https:\/\/github\.com\/[\w-]+\/kraken-signer\b/g) ?? []).map((address) => [file, address]),
  );
  assert.deepEqual([...new Set(written.map(([, address]) => address))], [repository]);
  const files = [...new Set(written.map(([file]) => file))];
  assert.deepEqual(
    files.filter((file) => !/\.(md|yml)$/.test(file)),
    ["Cargo.toml"],
    "everything else takes the address from there",
  );
  const template = JSON.parse(text("pkg-template/package.json"));
  assert.deepEqual([template.version, template.repository], [undefined, undefined]);
});

test("every export leads to a file, with types first and no condition out of order", () => {
  const ORDER = ["types", "workerd", "edge-light", "import", "require", "default"];
  for (const { target, way } of [...targets(manifest.exports), ...targets(manifest.imports)]) {
    assert.ok(existsSync(join(installed, target)), `${way.join(" ")}: ${target}`);
    for (const condition of way.slice(1)) assert.ok(ORDER.includes(condition), `${condition}: nothing differs there`);
  }
  const inOrder = (node) => {
    if (typeof node === "string") return;
    const conditions = Object.keys(node);
    assert.deepEqual(
      conditions,
      ORDER.filter((condition) => conditions.includes(condition)),
    );
    Object.values(node).forEach(inOrder);
  };
  for (const entry of [...Object.values(manifest.exports), ...Object.values(manifest.imports)]) inOrder(entry);
});

test("the command line is a program", () => {
  assert.deepEqual(Object.keys(manifest.bin), ["kraken-signer"]);
  assert.match(read(manifest.bin["kraken-signer"]).toString(), /^#!\/usr\/bin\/env node\n/);
});

test("every entry has types for TypeScript's old resolution, too", () => {
  const entries = Object.entries(manifest.exports).filter(([, entry]) => entry.require);
  const expected = entries.filter(([name]) => name !== ".").map(([name, { require }]) => [name.slice(2), [require.types]]);
  assert.deepEqual(manifest.typesVersions, { "*": Object.fromEntries(expected) });
});

test("the files with side effects are those that are declared to have them", () => {
  const effective = (name) =>
    manifest.sideEffects.some((glob) => new RegExp(`^${glob.replaceAll(".", "\\.").replaceAll("*", "[^/]+")}$`).test(`./${name}`));
  for (const name of files.filter((name) => /\/load\/(embedded|workerd|edge-light)\.js$|^dist\/\w+\/index\.js$/.test(name)))
    assert.ok(effective(name), name);
});

test("each binary is the same everywhere, with one file, and one copy in each kind of module", () => {
  const embedded = { "embedded.js": "kraken_signer.wasm", "inspect-embedded.js": "kraken_signer_inspect.wasm" };
  const copies = files.filter((name) => read(name).includes("AGFzbQEAAAA"));
  assert.deepEqual(
    copies.sort(),
    ["cjs", "esm"].flatMap((kind) => Object.keys(embedded).map((name) => `dist/${kind}/wasm/load/${name}`)),
  );
  for (const name of copies) {
    const binary = read(`dist/esm/${embedded[posix.basename(name)]}`);
    assert.ok(read(name).includes(`"${binary.toString("base64")}"`), name);
  }
});

/** The specifiers of what a module imports; one holds no white space, which tells it from a sentence that says "from". */
const importsOf = (name) =>
  [
    ...read(name)
      .toString()
      // Examples import the package.
      .replace(/\/\*\*[^]*?\*\//g, "")
      .matchAll(/(?:\bfrom |\bimport |\brequire\(|\bimport\()["']([^"'\s]+)["']/g),
  ].map(([, specifier]) => specifier);

/** What modules may import besides: `[file, specifier, why]`. */
const ELSEWHERE = [
  [/\.js$/, "#core", "the loader, which differs"],
  [/\/durable-object\/objects\.js$/, "#durable-object-base", "the class of Durable Objects, which only the platform has"],
  [/\/durable-object\/base\/workers\.js$/, "cloudflare:workers", "the same"],
  [/\/durable-object\/platform\.d\.ts$/, "cloudflare:workers", "the types of the same"],
  [/\/(inspect\/index|cli\/main)\.js$/, "#inspect-core", "the loader of the second binary"],
  ...["node:crypto", "node:fs", "node:os", "node:path", "node:tty", "node:util"].map((name) => [
    /^dist\/esm\/cli\//,
    name,
    "the command line, which is run and not imported",
  ]),
  ...["node:fs", "node:http", "node:https", "node:path", "node:process", "node:stream", "node:zlib"].map((name) => [
    /^dist\/(esm|cjs)\/node\/index\.js$/,
    name,
    "the entry for Node",
  ]),
];

test("modules import each other and the loader, and nothing else", () => {
  for (const name of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const text = read(name).toString();
    for (const specifier of importsOf(name)) {
      if (ELSEWHERE.some(([file, allowed]) => file.test(name) && specifier === allowed)) continue;
      const path = posix.join(posix.dirname(name), specifier).replace("?module", "");
      const found = specifier.startsWith(".") && files.includes(name.endsWith(".d.ts") ? path.replace(/\.js$/, ".d.ts") : path);
      assert.ok(found, `${name} imports ${specifier}`);
    }
    // Bundlers rewrite the one, and TypeScript refuses the other where the library is that of ES2022.
    assert.ok(!text.includes("import.meta"), `${name}: import.meta`);
    assert.ok(!name.endsWith(".d.ts") || !/Symbol\.(dispose|asyncDispose)/.test(text), `${name}: Symbol.dispose`);
    assert.ok(!text.includes("sourceMappingURL"), `${name}: a source map that is not there`);
  }
});

test("a runtime has few files to load before it can sign a request", () => {
  for (const kind of ["esm", "cjs"]) {
    const loaded = new Set([`dist/${kind}/index.js`]);
    for (const name of loaded)
      for (const specifier of importsOf(name))
        loaded.add(specifier === "#core" ? `dist/${kind}/wasm/load/embedded.js` : posix.join(posix.dirname(name), specifier));
    assert.deepEqual(
      [...loaded].sort(),
      ["index.js", "shared.js", "wasm/load/embedded.js"].map((name) => `dist/${kind}/${name}`),
    );
  }
});

test("all contents are listed, for people and for scanners", () => {
  const { bomFormat, metadata, components } = JSON.parse(read("sbom.cdx.json"));
  assert.equal(bomFormat, "CycloneDX");
  assert.equal(metadata.component.purl, `pkg:npm/kraken-signer@${manifest.version}`);
  const rows = [
    ...read("THIRD-PARTY.md")
      .toString()
      .matchAll(/^\| ([\w-]+) \| ([\d.]+) \| /gm),
  ].map(([, name, version]) => `${name} ${version}`);
  assert.deepEqual(
    components.map(({ name, version }) => `${name} ${version}`),
    rows,
  );
  for (const name of ["base64", "base64ct", "hmac", "sha1", "sha2", "wasm-bindgen", "zeroize"])
    assert.ok(
      rows.some((row) => row.startsWith(`${name} `)),
      name,
    );
});

test("nothing names the machine that built it", () => {
  const words = [homedir(), root.slice(0, -1), hostname(), "/.cargo/", "/rustc/"].filter((word) => word.length > 3);
  // The inspector has Rust's standard library inside, with the paths of those who built that.
  const found = ({ name, word }) => read(name).includes(word) && !(word === "/rustc/" && name.endsWith("_inspect.wasm"));
  for (const name of files) for (const word of words) assert.ok(!found({ name, word }), `${name}: ${word}`);
});
