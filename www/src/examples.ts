// The examples. All keys are published: in Kraken's documentation, in the tests of open-source clients, or made up for the tests of this package.
import type { MistakeName } from "kraken-signer/inspect";
import signers from "../../tests/inspect/examples.json";
import { vectors } from "../../tests/vectors/kraken.json";
import type { Fields } from "./form";

export interface Example {
  name: string;
  fields: Partial<Fields>;
}

/** A request with a signature of a broken signer, which was written by hand and without the code that finds its mistake. */
export interface Broken extends Example {
  /** The mistake that this is an example of. */
  name: MistakeName;
  /** All mistakes of the signer. Some never come alone. */
  mistakes: readonly MistakeName[];
  /** What the author of the signer did. */
  did: string;
}

/** Returns the test vector with this source. */
function known(source: string): (typeof vectors)[number] {
  const vector = vectors.find((vector) => vector.source === source);
  if (!vector) throw new Error(`No test vector has the source ${source}`);
  return vector;
}

function example(name: string, source: string): Example {
  const { kind, secret, path, nonce, body } = known(source);
  const mode = kind === "spot" ? "spot" : kind === "futures" ? "futures" : "challenge";
  return { name, fields: { mode, secret, path, nonce, body } };
}

export const EXAMPLES: readonly Example[] = [
  example("Spot order", "Kraken documentation, Spot REST authentication"),
  example("Spot, JSON body", "computed twice, Python and Node: JSON batch"),
  example("Futures order", "computed twice, Python and Node: POST form"),
  example("Futures challenge", "Kraken documentation, Futures WebSocket challenge"),
];

/** At least one example of each mistake, in the order of the package's table. The tests of the package write them. */
export const BROKEN: readonly Broken[] = signers.map(({ name, mistakes, did, api, sent, ...texts }) => ({
  name: name as MistakeName,
  mistakes: mistakes as MistakeName[],
  did,
  fields: { mode: api === "spot" ? "spot" : "futures", ...texts, sentBody: sent?.body ?? "" },
}));

const PUBLISHED = new Set([...vectors, ...signers].map(({ secret }) => secret));

/** Returns whether a private key is a published one. */
export const isPublished = (secret: string): boolean => PUBLISHED.has(secret);
