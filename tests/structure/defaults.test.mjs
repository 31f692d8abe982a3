// A default is written in code and in documentation: both have to be the same number.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sources = join(root, "pkg-template/src");

/** The parts with options of their own. The parameters of endpoints have Kraken's defaults, and those of `Totp` are in the binary. */
const PARTS = ["rest", "sockets", "orders", "lane", "redis"];

const NUMBER = String.raw`(\d[\d_, ]*\d|\d)`;
const plain = (number) => number.replace(/[_, ]/g, "");

/** The texts of a part, by file. */
const textsOf = (part) =>
  readdirSync(join(sources, part), { recursive: true })
    .filter((file) => file.endsWith(".ts") && !/endpoint|-messages|-market|-trading/.test(file))
    .map((file) => [`${part}/${file}`, readFileSync(join(sources, part, file), "utf8")]);

/** The numeric defaults of the documentation in a file: `[option, number]`. */
function documented(text) {
  const fields = text.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(?:readonly )?(\w+)\?:/g);
  return [...fields].flatMap(([, comment, name]) => {
    const words = comment.replace(/\n\s*\*/g, "");
    const [, before] = new RegExp(`[;:] ${NUMBER} by default`).exec(words) ?? [];
    const [, after] = new RegExp(String.raw`(?:@default|Default:) ${NUMBER}\b`).exec(words) ?? [];
    return (before ?? after) ? [[name, plain(before ?? after)]] : [];
  });
}

/** The numeric defaults of code: `timeout = 30_000` in a pattern, or `timeout ?? 30_000`. */
const coded = (text) =>
  [...text.matchAll(new RegExp(String.raw`\b(\w+) (?:=|\?\?) ${NUMBER}\b(?! *[:?])`, "g"))].map(([, name, number]) => [
    name,
    plain(number),
  ]);

for (const part of PARTS)
  test(`the defaults in the documentation of ${part}/ are those of the code`, () => {
    const texts = textsOf(part);
    const inCode = new Set(texts.flatMap(([, text]) => coded(text)).map((pair) => pair.join(" = ")));
    const wrong = texts
      .flatMap(([file, text]) => documented(text).map((pair) => [file, pair.join(" = ")]))
      .filter(([, pair]) => !inCode.has(pair));
    assert.deepEqual(wrong, []);
  });

test("the defaults in the README's table of options are those of the documentation", () => {
  const table = /## Options of a client\n([^]*?)\n## /.exec(readFileSync(join(root, "README.md"), "utf8"))[1];
  const rows = [...table.matchAll(new RegExp(String.raw`^\| \`(\w+)\` \|.*\| ${NUMBER} \|$`, "gm"))].map(([, name, number]) => [
    name,
    plain(number),
  ]);
  const options = documented(readFileSync(join(sources, "rest/options.ts"), "utf8"));
  assert.ok(rows.length >= 2, "the table has no numbers");
  assert.deepEqual(
    rows,
    rows.map(([name]) => options.find(([option]) => option === name)),
  );
});
