// The version of what is simulated: worlds that ran on the same version add up, in however many runs.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { Package } from "./load.mjs";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** Code without comments and layout, which change nothing. */
const minified = (text) => transformSync(text, { minifyWhitespace: true, legalComments: "none" }).code;

/** A hash of the package's code that worlds run, and of the worlds themselves. */
export function simulatedVersion() {
  const hash = createHash("sha256");
  const add = (name, text) => hash.update(`${name}\n${minified(text)}\n`);
  const genuine = new Package((text, file) => (add(file, text), text));
  for (const format of ["esm", "cjs"]) genuine.instantiate(format, globalThis);
  const isPartOfWorlds = (name) => name.endsWith(".mjs") && !/^(replay|mutants|pool|worker|version)|\.test\.mjs$/.test(name);
  for (const name of readdirSync(FOLDER).filter(isPartOfWorlds).sort()) add(name, readFileSync(FOLDER + name, "utf8"));
  return hash.digest("hex").slice(0, 12);
}
