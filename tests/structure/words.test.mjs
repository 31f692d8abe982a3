// The package has one word for each thing: that of the glossary in ARCHITECTURE.md.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import ts from "typescript6";
import { files, parsed } from "./helper.mjs";
import { AGAINST, EXCEPTIONS } from "./words.mjs";

const architecture = readFileSync(new URL("../../ARCHITECTURE.md", import.meta.url), "utf8");
const [, glossary = ""] = /\n## Glossary\n([^]*?)\n## /.exec(architecture) ?? [];
const terms = [...glossary.matchAll(/^\| \*\*(.+?)\*\* \| (.+) \|$/gm)].map(([, term, meaning]) => ({ term, meaning }));

const docs = readdirSync(new URL("../../pkg-template/docs", import.meta.url)).filter((name) => name.endsWith(".md"));

/** The documents for people, as paths from the top. */
const documents = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...["tests/README.md", "tests/client/MISTAKES.md", "www/README.md"],
  ...docs.map((name) => `pkg-template/docs/${name}`),
];

/** The words of a name: `takeTurn` and `TAKE_TURN` have two. */
const split = (name) =>
  name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_$#]+/g, " ")
    .trim();

const isText = (node) =>
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);

/** The comments of a file as they read, without asterisks. */
function commentsOf({ text }, node, found = new Map()) {
  const ranges = [
    ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
  ];
  for (const { pos, end } of ranges) {
    const comment = text.slice(pos, end).replace(/^\/[/*]+ ?|\s*\*\/$/g, "");
    found.set(pos, comment.replace(/^\s*\* ?/gm, "").trim());
  }
  return found;
}

/** What a file says: its comments, its identifiers, and its texts with more than one word; the lines of a document. */
function saidIn(file) {
  if (file.endsWith(".md"))
    return { comments: [], names: [], texts: readFileSync(new URL(`../../${file}`, import.meta.url), "utf8").split("\n") };
  const source = parsed.get(file);
  const comments = new Map();
  const names = new Set();
  const texts = [];
  const walk = (node) => {
    if (ts.isJSDoc(node) || ts.isImportDeclaration(node)) return;
    commentsOf(source, node, comments);
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.add(split(node.text));
    else if ((isText(node) || ts.isTemplateHead(node)) && /\s/.test(node.text.trim())) texts.push(node.text);
    for (const child of node.getChildren(source)) walk(child);
  };
  walk(source);
  return { comments: [...comments.values()], names: [...names], texts };
}

/** The words of a file that were decided against, as `[what it says, word, word to use]`. */
function wrongIn(file) {
  const { comments, names, texts } = saidIn(file);
  const found = [];
  const look = (pattern, said, use) => {
    for (const one of pattern ? said : []) {
      const [word] = pattern.exec(one) ?? [];
      if (word) found.push([word, use, one.slice(0, 100)]);
    }
  };
  for (const { word, name, prose, start, use } of AGAINST) {
    for (const pattern of [word, prose]) look(pattern, [...comments, ...texts], use);
    for (const pattern of [word, name]) look(pattern, names, use);
    look(start, comments, use);
  }
  return found;
}

const isExcepted = (file, word) => EXCEPTIONS[file]?.[word.toLowerCase()] !== undefined;

test("words that were decided against appear nowhere", () => {
  const wrong = [...files, ...documents].flatMap((file) =>
    wrongIn(file)
      .filter(([word]) => !isExcepted(file, word))
      .map(([word, use, said]) => `${file}: «${word}» (use: ${use}) in «${said}»`),
  );
  assert.deepEqual(wrong, []);
});

test("every exception is one", () => {
  const needless = Object.entries(EXCEPTIONS).flatMap(([file, words]) =>
    Object.keys(words)
      .filter((word) => !wrongIn(file).some(([found]) => found.toLowerCase() === word))
      .map((word) => `${file}: ${word}`),
  );
  assert.deepEqual(needless, []);
});

test("words are found in comments, messages and identifiers", () => {
  const source = "/** What a ticket is. */\nfunction takeTurn() {\n  throw new Error(`The ${1} refusal of the border`); // its face\n}\n";
  parsed.set("sample", ts.createSourceFile("sample", source, ts.ScriptTarget.Latest, true));
  const found = wrongIn("sample").map(([word]) => word);
  parsed.delete("sample");
  assert.deepEqual(found.sort(), ["Turn", "What", "border", "face", "refusal", "ticket"]);
});

test("the glossary has at most 30 terms, sorted, each with its meaning in one sentence", () => {
  assert.ok(terms.length >= 20 && terms.length <= 30, `${terms.length} terms`);
  const names = terms.map(({ term }) => term);
  assert.deepEqual(
    names,
    names.toSorted((a, b) => a.localeCompare(b, "en")),
  );
  assert.deepEqual(
    terms.filter(({ meaning }) => !/^[A-Z`][^]*\.$/.test(meaning) || /[.!?] [A-Z]/.test(meaning)),
    [],
  );
});

test("every term of the glossary is used", () => {
  const all = files.map((file) => Object.values(saidIn(file)).flat().join("\n")).join("\n");
  const isUsed = (term) => new RegExp(`\\b${term.replace(/s$/, "").replaceAll(" ", "\\s+")}`, "i").test(all);
  assert.deepEqual(
    terms.map(({ term }) => term).filter((term) => !isUsed(term)),
    [],
  );
});
