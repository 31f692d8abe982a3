// The example keys. All of them are published, in Kraken's documentation or in the tests of open-source clients.
import { vectors } from "../../tests/vectors/kraken.json";
import type { Fields } from "./form";

export interface Example {
  name: string;
  fields: Partial<Fields>;
}

/** Returns the test vector with this source. */
function known(source: string): (typeof vectors)[number] {
  const vector = vectors.find((vector) => vector.source === source);
  if (!vector) throw new Error(`No test vector has the source ${source}`);
  return vector;
}

function example(name: string, source: string, more: Partial<Fields> = {}): Example {
  const { kind, secret, path, nonce, body } = known(source);
  const mode = kind === "spot" ? "spot" : kind === "futures" ? "futures" : "challenge";
  return { name, fields: { mode, secret, path, nonce, body, ...more } };
}

const ADD_ORDER = "Kraken documentation, Spot REST authentication";

export const EXAMPLES: readonly Example[] = [
  example("Spot order", ADD_ORDER),
  example("Spot, JSON body", "computed twice, Python and Node: JSON batch"),
  example("Futures order", "computed twice, Python and Node: POST form"),
  example("Futures challenge", "Kraken documentation, Futures WebSocket challenge"),
  example("Rejected: one mistake", ADD_ORDER, {
    signature: "zo+vrOtmhw2LH1Fh3GAqpXIqhgnLDTHJUiD6oiKNvJ4z8K6XEtgTTwr9ob8wbAF2rCRgTCD6KZSUz3JYQiekzg==",
  }),
  example("Rejected: two mistakes", ADD_ORDER, {
    signature: "UE7vhjAjk/BgePpUkReuFJKluFwd1IPAn+TT9GiH4QOAN4W4h9D3TFr7CbhCUpXvZke/o9RqCEPH2nWUdkiXhw==",
  }),
];

/** Returns whether a private key is a published one. */
export const isPublished = (secret: string): boolean => vectors.some((vector) => vector.secret === secret);
