// Builds the page: one file that contains styles, script and binaries, with a policy that blocks everything else.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [, , output] = process.argv;

/** The page and its worker share one copy of the package: a script before theirs, with the global name `library`. */
const shared = {
  name: "shared",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/library$/ }, () => ({ path: "library", namespace: "shared" }));
    onLoad({ filter: /.*/, namespace: "shared" }, () => ({ contents: "module.exports = library;" }));
  },
};

/** Returns a bundle as text. It is not minified, so that users can read what the page does. */
async function bundle(entry, more = { plugins: [shared] }) {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    define: { PATHS: JSON.stringify(paths) },
    ...more,
    charset: "utf8",
    // Paths in comments would otherwise depend on the working directory.
    absWorkingDir: here("."),
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Returns the names of the endpoints that the package knows, as it writes them. */
async function endpoints(api) {
  const { outputFiles } = await build({
    entryPoints: [here(`../pkg-template/src/rest/${api}/endpoints.ts`)],
    bundle: true,
    write: false,
    format: "esm",
  });
  const exports = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return Object.keys(exports[`${api}Endpoints`]);
}

/** The paths that a link may contain. */
const paths = [
  ...(await endpoints("spot")).map((name) => `/0/private/${name}`),
  ...(await endpoints("futures"))
    .filter((name) => !name.includes("{"))
    .map((name) => name.replace(/^[A-Z]+:(?!\/)/, "/derivatives/api/v3/").replace(/^[A-Z]+:/, "")),
];

const style = await bundle("src/style.css");
const library = await bundle("src/library.ts", { globalName: "library" });
const worker = await bundle("src/worker.ts");
const script = await bundle("src/main.ts");
const { version, repository } = JSON.parse(await readFile(here("node_modules/kraken-signer/package.json"), "utf8"));
const policy = [
  "default-src 'none'",
  `script-src ${hash(library)} ${hash(script)} 'wasm-unsafe-eval'`,
  // The search. A worker inherits the policy, so it cannot send anything, either.
  "worker-src blob:",
  `style-src ${hash(style)}`,
  "img-src data:",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types worker",
].join("; ");

const logo = `data:image/svg+xml;base64,${(await readFile(here("src/logo.svg"))).toString("base64")}`;

/** Replaces a placeholder in the page. */
function inline(page, placeholder, part) {
  if (!page.includes(placeholder)) throw new Error(`The page has no placeholder ${placeholder}`);
  return page.replaceAll(placeholder, () => part);
}

// The page contains the licenses of its parts, because users may save and share it.
const notices = await Promise.all(
  ["LICENSE-MIT", "THIRD-PARTY.md"].map((file) => readFile(here(`node_modules/kraken-signer/${file}`), "utf8")),
);
const values = {
  "{{policy}}": policy,
  "{{logo}}": logo,
  "{{version}}": version,
  "{{repository}}": repository.url.replace(/^git\+|\.git$/g, ""),
};
const elements = {
  '<link rel="stylesheet" href="style.css" />': `<style>${style}</style>`,
  '<script src="library.ts"></script>': `<script id="library">${library}</script>`,
  '<script src="worker.ts"></script>': `<script id="worker" type="text/plain">${worker}</script>`,
  '<script src="main.ts"></script>': `<script>${script}</script>`,
  "<!-- licenses -->": `<!--\n${notices.join("\n").replaceAll("--", "‐‐")}\n-->`,
};
let page = await readFile(here("src/index.html"), "utf8");
for (const [placeholder, part] of Object.entries({ ...values, ...elements })) page = inline(page, placeholder, part);
await mkdir(dirname(output), { recursive: true });
await writeFile(output, page);
