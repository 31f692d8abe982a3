// The blocks of code in the documents of the repository, whatever their language, and wherever they stand.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const GUIDES = "pkg-template/docs/";

const markdownIn = (folder, recursive = false) =>
  readdirSync(join(root, folder), { recursive })
    .filter((name) => name.endsWith(".md"))
    .map((name) => folder + name.replaceAll("\\", "/"));

/** Every page of the site that is written by hand, the READMEs, and the other documents. The page for npm is made from the README. */
export const documents = [
  ...["", GUIDES, "www/", "tests/", "tests/bench/"].flatMap((folder) => markdownIn(folder)),
  ...markdownIn("www/site/pages/", true),
];

/** A line that begins or ends a block, also within a list or a quotation, and with tildes. */
const FENCE = /^([ >\t]*)(`{3,}|~{3,})[ \t]*([^`\n]*)$/;

/** The blocks of a document: for each, its language (without what rustdoc reads behind it), its code, and the command or program whose output it is. */
export function fencesOf(document) {
  const blocks = [];
  let open;
  for (const [index, line] of readFileSync(join(root, document), "utf8").split("\n").entries()) {
    const [, indent, fence, info] = FENCE.exec(line) ?? [];
    if (open && fence?.startsWith(open.fence) && !info) {
      blocks.push(open);
      open = undefined;
    } else if (open) open.code += `${line.slice(open.indent.length)}\n`;
    else if (fence) open = { document, line: index + 1, indent, fence, language: info.split(/[ ,{]/)[0], before: blocks.at(-1), code: "" };
  }
  if (open) throw new Error(`${document}:${open.line}: this block has no end`);
  return blocks;
}

export const fences = documents.flatMap(fencesOf);
