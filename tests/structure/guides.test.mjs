// The guides: every link leads somewhere, and each guide begins with the result that its reader will have.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const docs = join(root, "pkg-template/docs");
const guides = readdirSync(docs).filter((name) => name.endsWith(".md") && name !== "README.md");
const others = ["README.md", "pkg-template/docs/README.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "ARCHITECTURE.md"];
const pages = [...guides.map((name) => join(docs, name)), ...others.map((name) => join(root, name))];

/** The text of a page without its blocks of code. */
const textOf = (page) => readFileSync(page, "utf8").replace(/^ *```[^]*?^ *```$/gm, "");

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading) =>
  heading
    .replace(/\[(.+?)\]\(.+?\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

/** The anchors of a page. A heading that is repeated has a number behind it. */
function anchorsOf(page) {
  const anchors = new Map();
  for (const [, heading] of textOf(page).matchAll(/^#+ (.+)$/gm)) {
    const anchor = anchorOf(heading);
    const before = anchors.get(anchor) ?? 0;
    anchors.set(anchor, before + 1);
    if (before) anchors.set(`${anchor}-${before}`, 1);
  }
  return anchors;
}

const linksOf = (page) => [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^\w+:/.test(link));

test("every link leads to a file and a heading", () => {
  const broken = pages.flatMap((page) =>
    linksOf(page).filter((link) => {
      const [path, anchor] = link.split("#");
      const target = path ? resolve(dirname(page), path) : page;
      return !existsSync(target) || (anchor && target.endsWith(".md") && !anchorsOf(target).has(anchor));
    }),
  );
  assert.deepEqual(broken, []);
});

test("a link of a guide to a page of the package does not leave the folder", () => {
  const outside = guides.flatMap((name) => linksOf(join(docs, name)).filter((link) => link.startsWith("..")));
  assert.deepEqual(outside, [], "the package has only this folder");
});

test("the addresses of files in the repository lead to files", () => {
  const all = [
    ...pages
      .map((page) => readFileSync(page, "utf8"))
      .join("\n")
      .matchAll(/github\.com\/kraken-signer\/kraken-signer\/blob\/main\/([\w./-]+)/g),
  ];
  assert.ok(all.length > 3);
  assert.deepEqual(
    all.map(([, path]) => path).filter((path) => !existsSync(join(root, path))),
    [],
  );
});

/** Pages that explain one part, and are no way to something that works. */
const REFERENCES = ["frameworks.md", "runtimes.md", "types.md"];

test("each guide begins with what its reader will have at the end", () => {
  const without = guides.filter((name) => {
    const [, first = ""] = readFileSync(join(docs, name), "utf8").split(/\n\n/);
    return !/^(At the end of this page|Begin with the error)/.test(first);
  });
  assert.deepEqual(without.sort(), REFERENCES);
});

test("the list of guides has all of them, each once", () => {
  const listed = linksOf(join(docs, "README.md")).toSorted();
  assert.deepEqual(listed, guides.toSorted());
});
