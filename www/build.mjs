// Builds the page: one file that contains styles, script and binaries, with a policy that blocks everything else.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [, , output] = process.argv;

/** Returns a bundle as text. It is not minified, so that users can read what the page does. */
async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    // Paths in comments would otherwise depend on the working directory.
    absWorkingDir: here("."),
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const style = await bundle("src/style.css");
const script = await bundle("src/main.ts");
const { version } = JSON.parse(await readFile(here("node_modules/kraken-signer/package.json"), "utf8"));
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  "img-src data:",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
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
const values = { "{{policy}}": policy, "{{logo}}": logo, "{{version}}": version };
const elements = {
  '<link rel="stylesheet" href="style.css" />': `<style>${style}</style>`,
  '<script src="main.ts"></script>': `<script>${script}</script>`,
  "<!-- licenses -->": `<!--\n${notices.join("\n").replaceAll("--", "‐‐")}\n-->`,
};
let page = await readFile(here("src/index.html"), "utf8");
for (const [placeholder, part] of Object.entries({ ...values, ...elements })) page = inline(page, placeholder, part);
await mkdir(dirname(output), { recursive: true });
await writeFile(output, page);
