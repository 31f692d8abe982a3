// The guides and the first page: nothing is forgotten, examples run, and Markdown is shown as it should be.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Exchange } from "kraken-signer/testing";
import { GUIDES, sections, sectionsOf } from "../../www/site/guides.mjs";
import { accessibleTables, plainLanguages, slugify, symbolLinks, tabs, wholeOptions } from "../../www/site/markdown.mjs";
import { symbolsOf } from "../../www/site/symbols.mjs";
import { read } from "./helper.mjs";

const { createMarkdownRenderer } = await import(
  pathToFileURL(createRequire(new URL("../../www/package.json", import.meta.url)).resolve("vitepress")).href
);

test("every guide is in the list of guides, and the list has no other", () => {
  const listed = sections.flatMap(({ guides }) => guides.map(({ file }) => file));
  const present = readdirSync(GUIDES).filter((name) => name.endsWith(".md") && name !== "README.md");
  assert.deepEqual(listed.toSorted(), present.sort());
});

test("every line of the list is read", () => {
  const lines = readFileSync(`${GUIDES}README.md`, "utf8").match(/^- /gm).length;
  assert.equal(sections.flatMap(({ guides }) => guides).length, lines);
  assert.deepEqual(sectionsOf("# x\n\n## A\n\n- [One](one.md): first\n- [Two](two.md)\n"), [
    {
      title: "A",
      guides: [
        { title: "One", file: "one.md", description: "first" },
        { title: "Two", file: "two.md", description: "" },
      ],
    },
  ]);
});

test("the sidebar of a guide leads to every guide", () => {
  const html = read(`guides/${sections[0].guides[0].file.replace(".md", ".html")}`);
  for (const { guides } of sections)
    for (const { file } of guides) assert.ok(html.includes(`href="/guides/${file.replace(".md", ".html")}"`), file);
});

test("the example of the first page compiles under strict, and places an order", async (t) => {
  const text = readFileSync(new URL("../../www/site/pages/index.md", import.meta.url), "utf8");
  const [, code] = /```ts\n([^]*?)```/.exec(text);
  // Beside node_modules, so that the example finds the package.
  const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "site-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "example.mts");
  writeFileSync(file, code);
  const tsc = fileURLToPath(new URL("../node_modules/typescript6/bin/tsc", import.meta.url));
  const types = fileURLToPath(new URL("../node_modules/@types", import.meta.url));
  const options = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--typeRoots", types, "--types", "node"];
  execFileSync(process.execPath, [tsc, ...options, file], { stdio: "inherit" });

  const exchange = new Exchange();
  const { key, secret, setupKey } = exchange.addKey({ otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
  Object.assign(process.env, { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_OTP_SETUP_KEY: setupKey });
  t.mock.method(globalThis, "fetch", exchange.fetch);
  const log = t.mock.method(console, "log", () => {});
  const script = join(folder, "example.mjs");
  await build({ entryPoints: [file], outfile: script, format: "esm", logLevel: "warning" });
  await import(pathToFileURL(script).href);
  assert.match(log.mock.calls[0].arguments[1], /^O/);
  assert.deepEqual(
    exchange.executions.map(({ endpoint }) => endpoint),
    ["AddOrder"],
  );
});

const render = async (text, env = { relativePath: "guides/sample.md" }) => {
  const config = (markdown) => {
    accessibleTables(markdown);
    plainLanguages(markdown);
    symbolLinks(markdown, new Map([["SpotClient", "kraken-signer/classes/SpotClient.md"]]));
    tabs(markdown);
    wholeOptions(markdown);
  };
  return (await createMarkdownRenderer(GUIDES, { anchor: { slugify }, config })).render(text, env);
};

test("anchors are those of GitHub", () => {
  assert.equal(slugify("Node's `fetch`: what it does, and why"), "nodes-fetch-what-it-does-and-why");
  assert.equal(slugify("A_b – c 2.0"), "a_b--c-20");
});

test("the first mention of a symbol links to its page, except in headings, links and the reference", async () => {
  const html = await render("# `SpotClient`\n\nA [`SpotClient`](x.md), then `SpotClient` and `SpotClient`.\n");
  assert.equal(html.match(/href="\/api\/kraken-signer\/classes\/SpotClient\.html"/g).length, 1);
  assert.match(html, /then <a href="[^"]+"><code>SpotClient<\/code><\/a> and <code>SpotClient<\/code>/);
  assert.doesNotMatch(await render("`SpotClient`", { relativePath: "api/x.md" }), /<a/);
});

test("guides link names of this package, and not those of every runtime", () => {
  const symbols = symbolsOf(new URL("../../target/www/api/", import.meta.url));
  assert.equal(symbols.get("SpotClient"), "kraken-signer/classes/SpotClient.md");
  assert.equal(symbols.has("Request"), false, "`Request` in a guide is that of the runtime");
});

test("headings between two comments are tabs, and keep their anchors", async () => {
  const html = await render("<!-- tabs -->\n\n#### Node\n\none\n\n#### Deno\n\ntwo\n\n<!-- /tabs -->\n\nafter\n");
  assert.match(
    html,
    /<input type="radio" name="tabs-1" id="tabs-1-0" checked><label for="tabs-1-0">Node<\/label><div class="tab" id="node">\s*<p>one<\/p>/,
  );
  assert.match(html, /<label for="tabs-1-1">Deno<\/label><div class="tab" id="deno">\s*<p>two<\/p>\s*<\/div>\s*<\/div>\s*<p>after/);
  assert.doesNotMatch(html, /<h4/);
  await assert.rejects(render("<!-- tabs -->\n\n#### Node\n"), /has no <!-- \/tabs -->/);
});

test("tables can be reached by keyboard, and a header without text is an ordinary cell", async () => {
  const html = await render("| | b |\n| --- | --- |\n| 1 | 2 |\n");
  const long = "a word ".repeat(10);
  assert.match(await render(`| a | b |\n| --- | --- |\n| x | ${long} |\n`), /<td>x<\/td>\s*<td class="long">a word/);
  assert.match(html, /<table tabindex="0">[^]*<td[^>]*><\/td>\s*<th[^>]*>b<\/th>/);
});

test("an option of a command stays in one line", async () => {
  assert.match(await render("`--futures` and `npx`"), /<code[^>]* class="option">--futures<\/code> and <code[^>]*>npx</);
  assert.doesNotMatch(await render("`npx x --futures`"), /class="option"/);
});

test("a block of Rust is colored, whatever rustdoc does with it", async () => {
  const html = await render("```rust,ignore\nfn main() {}\n```\n");
  assert.match(html, /<div class="language-rust[ "][^]*<span class="lang">rust<\/span>[^]*<span style=/);
});
