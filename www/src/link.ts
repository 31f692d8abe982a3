// Links to a mistake. A link holds only words of the lists below, so that nothing that is typed into a field can get into it.
import type { MistakeName } from "kraken-signer/inspect";
import { BROKEN, type Broken } from "./examples";
import type { Fields, Mode } from "./form";
import { MISTAKES } from "./library";
import { nonceIn } from "./request";
import { UNITS, likeliest } from "./units";

/** The paths of the endpoints that the package knows. The build fills them in. */
declare const PATHS: readonly string[];

const MODES: readonly Mode[] = ["spot", "futures", "challenge"];
const ENCODINGS = ["form", "json", "none"] as const;
type Encoding = (typeof ENCODINGS)[number];

/** What a link says. A part that is in no list is absent. */
export interface Shared {
  api: Mode;
  path: string | undefined;
  /** The unit of the nonce, as `units.ts` names it. */
  nonce: string | undefined;
  body: Encoding | undefined;
  mistakes: readonly MistakeName[];
}

/** Returns the fragment of a URL that tells of these mistakes, without secrets. */
export function fragmentOf(fields: Fields, mistakes: readonly MistakeName[]): string {
  const { mode, path, nonce, body } = fields;
  const digits = nonce || nonceIn(body) || "";
  const unit = /^\d{1,20}$/.test(digits) ? likeliest(BigInt(digits), Date.now()).name : undefined;
  const parts = { api: mode, path: knownPath(path), nonce: unit, body: encodingOf(body), mistakes: mistakes.join(",") };
  const given = Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined);
  return `#${given.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

/** Reads a fragment. Returns `undefined` if it is not that of a link to a mistake. */
export function read(fragment: string): Shared | undefined {
  const parts = new URLSearchParams(fragment.slice(1));
  const names = parts.get("mistakes")?.split(",");
  if (!names) return undefined;
  const one = <T extends string>(list: readonly T[], name: string): T | undefined => list.find((known) => known === parts.get(name));
  return {
    api: one(MODES, "api") ?? "spot",
    path: one(PATHS, "path"),
    nonce: one(
      UNITS.map(({ name }) => name),
      "nonce",
    ),
    body: one(ENCODINGS, "body"),
    mistakes: MISTAKES.filter((name) => names.includes(name)),
  };
}

/** Returns the example of a mistake that is most like what a link says. */
export function exampleOf(name: MistakeName, { api, body, mistakes }: Shared): Broken | undefined {
  const likeness = (example: Broken): number =>
    (example.mistakes.join() === mistakes.join() ? 4 : 0) +
    (example.fields.mode === api ? 2 : 0) +
    (encodingOf(example.fields.body ?? "") === body ? 1 : 0);
  return BROKEN.filter((example) => example.name === name).sort((one, other) => likeness(other) - likeness(one))[0];
}

/** Returns the path without its query, if it is that of a known endpoint. Any other text in the field may be a secret. */
const knownPath = (path: string): string | undefined =>
  PATHS.find((known) => [known, withoutPrefix(known)].includes(path.split("?")[0] ?? ""));

const withoutPrefix = (path: string): string => path.replace(/^\/derivatives/, "");

/** Returns the encoding of a body; none of them for the fields of a FIX logon. */
const encodingOf = (body: string): Encoding | undefined =>
  body.endsWith("\u0001") ? undefined : body === "" ? "none" : /^\s*[[{]/.test(body) ? "json" : "form";
