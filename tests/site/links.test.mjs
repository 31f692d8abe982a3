// No link is dead: on the site, in the repository, and in the npm package.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { REPOSITORY } from "../../www/site/guides.mjs";
import { slugify } from "../../www/site/markdown.mjs";
import { SITE, addressesOf, idsOf, pages, read } from "./helper.mjs";

const top = fileURLToPath(new URL("../../", import.meta.url));
const cache = new Map();
const idsIn = (path) => cache.get(path) ?? cache.set(path, idsOf(read(path))).get(path);

/** Where an address in a page leads, as a path below the site and an id; undefined if to another host. */
function resolve(page, address) {
  const { host, pathname, hash } = new URL(address, `http://site/${page}`);
  if (host !== "site") return undefined;
  const path = decodeURIComponent(pathname).slice(1);
  return { path: path === "" || path.endsWith("/") ? `${path}index.html` : path, id: decodeURIComponent(hash.slice(1)) };
}

test("every link of every page leads to a file, and to an id that is there", () => {
  assert.ok(pages.length > 500, `${pages.length} pages`);
  const dead = pages.flatMap((page) =>
    [...new Set(addressesOf(read(page)))]
      .filter((address) => {
        const target = resolve(page, address);
        if (!target) return !/^(https:\/\/|http:\/\/localhost\b|data:image\/)/.test(address);
        return !existsSync(SITE + target.path) || (target.id !== "" && !idsIn(target.path).has(target.id));
      })
      .map((address) => `${page}: ${address}`),
  );
  assert.deepEqual(dead, []);
});

test("without JavaScript, links lead from the first page to every other page", () => {
  const found = new Set(["index.html"]);
  for (const page of found) {
    if (!page.endsWith(".html") || page.startsWith("rust/") || page.startsWith("workbench/")) continue;
    for (const address of addressesOf(read(page))) {
      const target = resolve(page, address);
      if (target?.path.endsWith(".html")) found.add(target.path);
    }
  }
  assert.deepEqual(
    pages.filter((page) => !found.has(page) && page !== "404.html"),
    [],
  );
  assert.ok(found.has("workbench/index.html") && found.has("rust/kraken_signer/index.html"));
});

const documents = [
  ...readdirSync(top).filter((name) => name.endsWith(".md")),
  ...readdirSync(`${top}pkg-template/docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `pkg-template/docs/${name}`),
  ...["www/README.md", "tests/README.md", "tests/bench/README.md"],
];

/** The text of a document without its code. */
const prose = (path) => readFileSync(top + path, "utf8").replace(/^ *```[^]*?^ *```/gm, "");

/** The anchors that the headings of a document have in the repository. */
function anchorsOf(path) {
  const count = new Map();
  const headings = [...prose(path).matchAll(/^#+ (.+)$/gm)].map(([, text]) => slugify(text.replace(/\[(.+?)\]\(.*?\)/g, "$1")));
  return new Set(
    headings.map((slug) => {
      const before = count.get(slug) ?? 0;
      count.set(slug, before + 1);
      return before ? `${slug}-${before}` : slug;
    }),
  );
}

/** The links of a document: those to the repository's address count as links to its files. */
function linksOf(path) {
  const links = [...prose(path).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(([, markdown, html]) => markdown ?? html);
  const inRepository = links
    .filter((link) => link.startsWith(`${REPOSITORY}/`))
    .map((link) => {
      const file = /^\/(?:blob|tree)\/main\/(.+)$/.exec(link.slice(REPOSITORY.length));
      return { link, file: file?.[1] };
    });
  const relative = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => ({ link, file: link.startsWith("#") ? `${path}${link}` : posix.join(posix.dirname(path), link) }));
  return [...relative, ...inRepository.filter(({ file }) => file)];
}

test("every link of a document leads to a file of the repository, and to a heading that is there", () => {
  const dead = documents.flatMap((path) =>
    linksOf(path)
      .filter(({ file }) => {
        const [target, anchor] = file.split("#");
        return !existsSync(top + target) || (anchor && target.endsWith(".md") && !anchorsOf(target).has(anchor));
      })
      .map(({ link }) => `${path}: ${link}`),
  );
  assert.deepEqual(dead, []);
});

test("links of guides stay in their folder, so that they also work in the npm package and on the site", () => {
  const outside = documents
    .filter((path) => path.startsWith("pkg-template/docs/"))
    .flatMap((path) => [...prose(path).matchAll(/\]\(((?:\.\/)?\.\.\/[^)]*)\)/g)].map(([, link]) => `${path}: ${link}`));
  assert.deepEqual(outside, []);
});

test("other files name the repository as package.json does", () => {
  const named = ["Cargo.toml", "www/src/index.html", ...documents].flatMap((path) =>
    [...readFileSync(top + path, "utf8").matchAll(/https:\/\/github\.com\/([\w-]+\/kraken-signer)\b/g)].map(
      ([address]) => `${path}: ${address}`,
    ),
  );
  assert.ok(named.length > 2);
  assert.deepEqual(
    named.filter((one) => !one.endsWith(`: ${REPOSITORY}`)),
    [],
  );
});
