// The pages of the API reference, by the names of what they describe.
import { readdirSync } from "node:fs";

/** The parts of the reference in the order of the sidebar: the folder of an entry, and the name that programs import. */
export const ENTRIES = [
  ["kraken-signer", "kraken-signer"],
  ["sockets", "kraken-signer/sockets"],
  ["durable-object", "kraken-signer/durable-object"],
  ["redis", "kraken-signer/redis"],
  ["node", "kraken-signer/node"],
  ["inspect", "kraken-signer/inspect"],
  ["testing", "kraken-signer/testing"],
  ["slim", "kraken-signer/slim"],
];

/** Kinds of declarations, as TypeDoc names their folders. */
export const KINDS = {
  classes: "Classes",
  functions: "Functions",
  variables: "Constants",
  interfaces: "Interfaces",
  "type-aliases": "Types",
};

/** Lists the pages of an entry: for each, its kind, its name and its path below `api`. */
export function pagesOf(api, entry) {
  return Object.keys(KINDS).flatMap((kind) => {
    const folder = new URL(`${entry}/${kind}/`, api);
    const names = readdirSync(new URL(`${entry}/`, api)).includes(kind) ? readdirSync(folder) : [];
    return names.sort().map((file) => ({ kind, name: file.replace(/\.md$/, ""), path: `${entry}/${kind}/${file}` }));
  });
}

/**
 * Maps names to the paths of their pages. A name that several entries have leads to the first of them. A name that every runtime has, such as `Request`, means that
 * of the runtime in the guides.
 */
export function symbolsOf(api) {
  const found = new Map();
  for (const [entry] of ENTRIES)
    for (const { name, path } of pagesOf(api, entry)) if (!found.has(name) && !(name in globalThis)) found.set(name, path);
  return found;
}
