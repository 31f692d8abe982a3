// The site, as VitePress builds it from the pages that build.mjs has put together.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { DESCRIPTION, REPOSITORY, sections } from "../guides.mjs";
import { accessibleTables, plainLanguages, slugify, symbolLinks, tabs, wholeOptions } from "../markdown.mjs";
import { ENTRIES, KINDS, pagesOf, symbolsOf } from "../symbols.mjs";

const target = new URL("../../../target/www/", import.meta.url);
const api = new URL("source/api/", target);

const guides = sections.map(({ title, guides }) => ({
  text: title,
  items: guides.map(({ title, file }) => ({ text: title, link: `/guides/${file}` })),
}));

const entries = ENTRIES.map(([folder, text]) => ({ text, link: `/api/${folder}/index.md` }));
const imports = { text: "Imports", items: [{ text: "Overview", link: "/api/" }, ...entries] };

/** The sidebar of an entry: the entries, and what a program can do with this one. Types are on the page of the entry. */
const reference = Object.fromEntries(
  ENTRIES.map(([folder, name]) => {
    const pages = pagesOf(api, folder).map(({ kind, name, path }) => ({ kind, text: name, link: `/api/${path}` }));
    const own = ["classes", "functions", "variables"]
      .map((kind) => ({ text: `${KINDS[kind]} of ${name}`, items: pages.filter((page) => page.kind === kind) }))
      .filter(({ items }) => items.length > 0);
    return [`/api/${folder}/`, [imports, ...own]];
  }),
);

/** A page that VitePress did not make: the browser loads it. */
const page = (text, link) => ({ text, link, target: "_self" });

/** Text for the search: whole guides, but of the reference only names and first sentences, because it is large. */
function searchable(source, env, markdown) {
  const html = markdown.render(source, env);
  if (env.frontmatter?.search === false) return "";
  return env.relativePath.startsWith("api/") ? html.split(/<h2|<div class="language-/)[0] : html;
}

export default defineConfig({
  lang: "en-US",
  title: "kraken-signer",
  description: DESCRIPTION,
  srcDir: fileURLToPath(new URL("source", target)),
  outDir: fileURLToPath(new URL("site", target)),
  cacheDir: fileURLToPath(new URL("cache", target)),
  // The pages then work on every host of static files.
  cleanUrls: false,
  metaChunk: true,
  head: [
    ["link", { rel: "icon", href: "/logo.svg", type: "image/svg+xml" }],
    ["meta", { name: "referrer", content: "no-referrer" }],
    ["meta", { name: "color-scheme", content: "light dark" }],
  ],
  ignoreDeadLinks: [/^http:\/\/localhost\b/, /^\/(workbench|rust)\//],
  markdown: {
    anchor: { slugify },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(markdown) {
      accessibleTables(markdown);
      plainLanguages(markdown);
      symbolLinks(markdown, symbolsOf(api));
      tabs(markdown);
      wholeOptions(markdown);
    },
  },
  themeConfig: {
    logo: { src: "/logo.svg", alt: "" },
    nav: [
      { text: "Guides", link: "/guides/", activeMatch: "^/guides/" },
      { text: "API", link: "/api/", activeMatch: "^/api/" },
      page("Rust", "/rust/kraken_signer/index.html"),
      page("Workbench", "/workbench/index.html"),
      { text: "Repository", link: REPOSITORY },
    ],
    sidebar: { "/guides/": guides, "/api/": [imports], ...reference },
    outline: { level: [2, 3] },
    search: { provider: "local", options: { _render: searchable, detailedView: false } },
    externalLinkIcon: false,
  },
  vite: {
    publicDir: fileURLToPath(new URL("public", target)),
    logLevel: "warn",
  },
});
