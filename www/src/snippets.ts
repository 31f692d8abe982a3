// Code that signs correctly. The package has it in findings about mistakes; an example gives one at once, whatever was searched for.
import type { Language } from "kraken-signer/inspect";
import { BROKEN } from "./examples";
import { investigate } from "./library";

/** Returns code for an API in a language. */
export function snippet(api: "spot" | "futures", language: Language): string {
  const {
    path = "",
    secret = "",
    signature = "",
    ...fields
  } = BROKEN.find(({ name, fields }) => name === "digest-as-hex" && fields.mode === api)?.fields ?? {};
  const [finding] = investigate({ api, secret, path, nonce: fields.nonce, body: fields.body, signature, language });
  return finding?.snippet?.code ?? "";
}
