// Computes signatures with the package, and reads requests.
import type { Explanation, InvestigateInput, StepName } from "kraken-signer/inspect";
import { type Fields, isFixLogon } from "./form";
import { Signer, explain } from "./library";

/** Explains the signature for the fields. The signer and the inspector are separate binaries, and both compute it. */
export function explained({ mode, path, nonce, body, secret }: Fields): Explanation {
  const explanation = explain({ api: apiOf(mode), secret, path, nonce: nonce || undefined, body });
  const signer = new Signer(secret);
  try {
    const signature =
      mode === "challenge"
        ? signer.signChallenge(body)
        : isFixLogon({ mode, path, body })
          ? signer.signFixLogon(body, nonce)
          : mode === "futures"
            ? signer.signFutures(path, body, nonce || undefined)
            : signer.signSpot(path, nonce || textOf(explanation, "nonce"), body);
    if (signature !== explanation.signature) throw new Error("Signer and inspector computed different signatures. Please report this.");
  } finally {
    signer.free();
  }
  if (mode === "challenge") return renamed(explanation, CHALLENGE);
  return isFixLogon({ mode, path, body }) ? renamed(explanation, FIX_LOGON) : explanation;
}

type Labels = Partial<Record<StepName, [title: string, formula: string]>>;

/** The steps of a Futures signature whose only input is the challenge, as the WebSocket API names them. */
const CHALLENGE: Labels = {
  body: ["Challenge", "exactly as the server sent it"],
  hashed: ["Challenge", "only the challenge"],
  digest: ["SHA-256 of the challenge", "SHA256(challenge)"],
  signature: ["signed_challenge", "base64(HMAC)"],
};

/** The steps of a FIX logon. */
const FIX_LOGON: Labels = {
  nonce: ["Nonce", "as in the field 5025"],
  body: ["Fields", "35, 34, 49, 56 and 553, each with the byte 0x01 at its end"],
  path: ["Path", "none"],
  hashed: ["Fields and nonce", "fields ‖ nonce"],
  digest: ["SHA-256 of fields and nonce", "SHA256(fields ‖ nonce)"],
  signature: ["Password (554)", "base64(HMAC)"],
};

/** Renames the steps of a signature. */
function renamed(explanation: Explanation, labels: Labels): Explanation {
  const steps = explanation.steps.map((step) => {
    const [title, formula] = labels[step.name] ?? [step.title, step.formula];
    return { ...step, title, formula };
  });
  return { ...explanation, steps };
}

/** Returns what is known about a rejected signature. */
export function rejected({ mode, path, nonce, body, secret, signature, key, sentPath, sentBody, sentOtp }: Fields): InvestigateInput {
  return {
    api: apiOf(mode),
    key: key || undefined,
    secret,
    path,
    nonce: nonce || undefined,
    body,
    signature,
    sent: { path: sentPath || undefined, body: sentBody || undefined, otp: sentOtp || undefined },
  };
}

/** Returns the nonce in the body, if any. */
export function nonceIn(body: string): string | undefined {
  const match = /(?:^|&)nonce=(\d+)(?:&|$)/.exec(body) ?? /"nonce"\s*:\s*"?(\d+)/.exec(body);
  return match?.[1];
}

/** Replaces the nonce in the body. */
export function withNonce(body: string, nonce: string): string {
  const old = nonceIn(body);
  return old === undefined ? body : body.replace(new RegExp(`(nonce(?:=|"\\s*:\\s*"?))${old}`), `$1${nonce}`);
}

export const apiOf = (mode: Fields["mode"]): "spot" | "futures" => (mode === "spot" ? "spot" : "futures");

function textOf({ steps }: Explanation, name: string): string {
  return steps.find((step) => step.name === name)?.text ?? "";
}
