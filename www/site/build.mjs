// Builds the site in `target/www/site`: puts its pages together, lets VitePress make HTML of them, and adds the workbench, the documentation of the
// crate, and a Content Security Policy for each page.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vitepress";
import { GUIDES, sections } from "./guides.mjs";
import { ENTRIES, KINDS, pagesOf } from "./symbols.mjs";

const [, , workbench, rustdoc] = process.argv;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = (path) => here(`../../target/www/${path}`);

/** Writes the page of contents, from which every other page is reached without JavaScript. */
function contents() {
  const api = new URL("../../target/www/api/", import.meta.url);
  const guides = sections.map(
    ({ title, guides }) => `### ${title}\n\n${guides.map(({ title, file }) => `- [${title}](guides/${file})`).join("\n")}\n`,
  );
  const entries = ENTRIES.map(([folder, name]) => {
    const pages = pagesOf(api, folder);
    const kinds = Object.entries(KINDS).map(([kind, title]) => {
      const links = pages.filter((page) => page.kind === kind).map(({ name, path }) => `[${name}](api/${path})`);
      return links.length > 0 ? `**${title}:** ${links.join(", ")}\n\n` : "";
    });
    return `### [${name}](api/${folder}/index.md)\n\n${kinds.join("")}`;
  });
  const front = "---\nsidebar: false\naside: false\nsearch: false\nprev: false\nnext: false\n---\n";
  const more =
    "## More\n\n- [Signature workbench](/workbench/index.html){target=_self}\n- [The crate for Rust](/rust/kraken_signer/index.html){target=_self}\n";
  return `${front}\n# All pages\n\n## Guides\n\n${guides.join("\n")}\n${more}\n## API reference\n\n${entries.join("\n")}`;
}

/** Puts the pages together as VitePress reads them. */
function assemble() {
  for (const folder of ["source", "public", "site"]) rmSync(target(folder), { recursive: true, force: true });
  mkdirSync(target("public"), { recursive: true });
  // The pages import Vue, and look for it from where they are.
  rmSync(target("node_modules"), { force: true });
  symlinkSync(here("../node_modules"), target("node_modules"), "junction");
  cpSync(target("api"), target("source/api"), { recursive: true });
  cpSync(GUIDES, target("source/guides"), { recursive: true });
  cpSync(target("source/guides/README.md"), target("source/guides/index.md"));
  rmSync(target("source/guides/README.md"));
  cpSync(here("pages"), target("source"), { recursive: true });
  writeFileSync(target("source/contents.md"), contents());
  cpSync(here("../src/logo.svg"), target("public/logo.svg"));
  for (const scheme of ["light", "dark"]) cpSync(here(`../workbench-${scheme}.webp`), target(`public/workbench-${scheme}.webp`));
}

const inlineScripts = /<script(?![^>]*\ssrc=)(?![^>]*type="(?:application|text)\/(?:json|template))[^>]*>([^]*?)<\/script>/g;
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Adds a policy to a page: nothing comes from another host, and only the scripts that were built run. */
function withPolicy(html) {
  const scripts = [...html.matchAll(inlineScripts)].map(([, script]) => hash(script));
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${[...new Set(scripts)].join(" ")}`,
    // Highlighted code has its colors in style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
  ].join("; ");
  return html.replace(
    /<meta charset="utf-8"\s*\/?>/i,
    (charset) => `${charset}<meta http-equiv="Content-Security-Policy" content="${policy}">`,
  );
}

assemble();
await build(here("."));
for (const part of ["static.files", "kraken_signer", "src", "trait.impl", "type.impl", "search.index"]) {
  if (readdirSync(rustdoc).includes(part)) cpSync(join(rustdoc, part), target(`site/rust/${part}`), { recursive: true });
}
for (const file of readdirSync(rustdoc).filter((name) => /\.(html|js)$/.test(name)))
  cpSync(join(rustdoc, file), target(`site/rust/${file}`));
for (const file of readdirSync(target("site"), { recursive: true }).filter((name) => name.endsWith(".html"))) {
  const path = target(`site/${file}`);
  const html = readFileSync(path, "utf8");
  const page = withPolicy(html);
  // Pages of rustdoc that only lead to another one have no such line, and need no policy.
  if (page !== html) writeFileSync(path, page);
}
// It has a policy of its own, which is stricter.
mkdirSync(target("site/workbench"), { recursive: true });
cpSync(workbench, target("site/workbench/index.html"));
