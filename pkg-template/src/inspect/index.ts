import { checked } from "../wasm/memory.js";
import { rejection } from "../wasm/rejection.js";
import { utf8Encoder } from "../wasm/text.js";
import { described } from "../checks.js";
import { capturedRequest } from "./captured/index.js";
import { InvalidNonceError, InvalidRequestError, InvalidSecretError } from "../errors.js";
import { run, unexpected, type ErrorFactory } from "../wasm/inspector.js";
import type { Nonce } from "../signing/signer.js";
import type { MistakeName } from "./mistakes.js";

export { InvalidNonceError, InvalidOtpKeyError, InvalidRequestError, InvalidSecretError, KrakenError, type ErrorCode } from "../errors.js";
export type { Nonce } from "../signing/signer.js";
export { MISTAKES, type MistakeName } from "./mistakes.js";
export { type CaptureOptions, capturedRequest, capturedRequests } from "./captured/index.js";
export type { CaptureFormat, CapturedRequest, MissingPart } from "./captured/request.js";
export { type NonceExplanation, type NonceReading, explainNonce } from "./nonce.js";
export { NONCE_UNITS, type NonceUnitDescription } from "./nonce-units.js";
export { type ExportedAccount, type OtpauthReport, parseOtpauth } from "./otpauth.js";

/** Kraken's product, which determines the signature scheme. */
export type Api = "spot" | "futures";

/** The parts of a signature, for {@link explain}. */
export interface ExplainInput {
  /** The product. */
  api: Api;
  /** The private key in base64, as Kraken shows it, or its decoded bytes. */
  secret: string | Uint8Array;
  /**
   * Spot: the path from `/0/` on, with its query. Futures: the endpoint path, with or without `/derivatives`. What the URL of a proxy has before it is left
   * out, because it is not signed.
   */
  path: string;
  /** The nonce; by default, the nonce in the body (Spot), or none (Futures). */
  nonce?: Nonce | undefined;
  /** The body (Spot) or postData (Futures), exactly as sent. @default "" */
  body?: string | Uint8Array | undefined;
}

/**
 * The values of a signature, in the order of {@link Explanation.steps}: the decoded private key, the nonce, the body (postData for Futures), the signed part
 * of the path, the input of SHA-256, its digest, the input of HMAC-SHA512, the HMAC, and the HMAC in base64.
 */
export type StepName = "secret" | "nonce" | "body" | "path" | "hashed" | "digest" | "message" | "mac" | "signature";

/** A part of a concatenated value. */
export interface Part {
  /** The step whose value this part is. */
  step: StepName;
  /** The offset of its first byte. */
  start: number;
  /** Its length in bytes. */
  length: number;
}

/** An intermediate value of a signature. */
export interface Step {
  /** The name, for programs. */
  name: StepName;
  /** The name, for people: `Nonce and body`. */
  title: string;
  /** The formula: `nonce ‖ body`. */
  formula: string;
  /** The length in bytes. */
  length: number;
  /** The bytes in lower-case hexadecimal; absent for the private key. */
  hex?: string;
  /** The bytes as text, if they are UTF-8; absent for the private key. */
  text?: string;
  /** The first 16 hexadecimal digits of the SHA-256 of the private key, by which keys can be compared; absent for other values. */
  fingerprint?: string;
  /** The parts of a concatenation, in order and without gaps; empty for other values. */
  parts: Part[];
}

/** A signature with all its intermediate values. */
export interface Explanation {
  /** The product. */
  api: Api;
  /** The header of the signature. */
  header: "API-Sign" | "Authent";
  /** The scheme in one line. */
  formula: string;
  /** The signature: base64 of 64 bytes. */
  signature: string;
  /** The nine values, in the order of {@link StepName}. */
  steps: Step[];
}

/** A language in which corrected code is available. */
export type Language = "javascript" | "python" | "shell" | "java" | "rust";

/** A rejected signature and the inputs that were meant to be signed, for {@link investigate}. */
export interface InvestigateInput {
  /** The product. */
  api: Api;
  /** The API key, in case it was used in place of the private key. */
  key?: string | undefined;
  /** The private key exactly as the program has it, in base64, or its decoded bytes. */
  secret: string | Uint8Array;
  /** The path that was meant to be signed. */
  path: string;
  /** The nonce that was signed; by default, the nonce in the body. */
  nonce?: Nonce | undefined;
  /** The body (Spot) or postData (Futures) that was signed. @default "" */
  body?: string | Uint8Array | undefined;
  /** The signature that Kraken rejected, exactly as it was sent. */
  signature: string;
  /** The request that was really sent, if it is known, for example from a network log. */
  sent?:
    | {
        path?: string | undefined;
        nonce?: Nonce | undefined;
        /** The body; of a FIX logon, all fields but the password, each with the byte 0x01 at its end. */
        body?: string | Uint8Array | undefined;
        /** The two-factor code. */
        otp?: string | undefined;
      }
    | undefined;
  /** The language of {@link Finding.snippet}; by default, there is no snippet. */
  language?: Language | undefined;
}

/**
 * The kind of a finding. `right`: the signature is what Kraken expects for the request that was signed; suspicions follow, and the first ones say what
 * differs in the request that was sent, if that is known. `mistake`: it was reproduced with mistakes. `unexplained`: no
 * combination of known mistakes that was computed reproduces it (for long bodies, these are not all, and the explanation says so). `suspicion`: something that would explain a rejection but cannot be proven.
 */
export type FindingKind = "right" | "mistake" | "unexplained" | "suspicion";

/** A problem that is possible although the signature is right. */
export type SuspicionName =
  | "body-differs"
  | "path-differs"
  | "nonce-differs"
  | "nonce-invalid"
  | "secret-malformed"
  | "otp-not-signed"
  | "otp-missing"
  | "otp-wrong"
  | "other-key"
  | "other-product"
  | "body-changed-in-transit"
  | "clipboard"
  | "key-revoked";

/** A finding about a signature. */
export interface Finding {
  /** Whether the signature is right, has mistakes, or could not be explained; or a suspicion. */
  kind: FindingKind;
  /** Whether the signature was reproduced, byte for byte. */
  proven: boolean;
  /**
   * The mistakes that reproduce the signature, in the order in which they happened; for the suspicions `body-differs` and `path-differs`, those that
   * make what was signed of what was sent. Empty if nothing is wrong or nothing is known.
   */
  mistakes: MistakeName[];
  /** The name of a suspicion; absent for other kinds. */
  suspicion?: SuspicionName;
  /** An explanation of the mistake, in a sentence. */
  explanation: string;
  /** Advice on what to do, in a sentence. */
  fix: string;
  /** The first value in {@link explain} that is wrong. */
  step?: StepName;
  /** Code that signs a request as Kraken expects: a whole file. Absent for a FIX logon and a challenge, and for findings that are no mistakes. */
  snippet?: {
    /** The language of the code. */
    language: Language;
    /** The code, a whole file. */
    code: string;
  };
  /** The number of combinations that were computed; 0 for suspicions. */
  tried: number;
}

/** A row of the table of mistakes. */
export interface MistakeDescription {
  /** The name, for programs. */
  name: MistakeName;
  /** The first value in {@link explain} that is wrong. */
  step: StepName;
  /** An explanation of the mistake, in a sentence. */
  explanation: string;
  /** Advice on what to do instead, in a sentence. */
  fix: string;
}

/** A request as people have it, in place of its parts. */
export interface RequestInput {
  /**
   * The request, in any form that {@link capturedRequest} takes: a `Request`, or a `clone()` that was made before it was sent; the arguments of `fetch`, as an array; an error of
   * axios or got; a HAR file; or the text of a curl command, of a log, or of an HTTP message.
   */
  request: string | object;
  /** The private key in base64, as Kraken shows it, or its decoded bytes. */
  secret: string | Uint8Array;
  /** The number of the request, from 1, if there are several. @default the only one that Kraken rejected, or the only one with a signature */
  entry?: number | undefined;
  /** The language of {@link Finding.snippet}; by default, there is no snippet. */
  language?: Language | undefined;
}

/**
 * Computes a signature, and returns it with all intermediate values. Takes the parts of a request, or what {@link capturedRequest} takes.
 *
 * @throws InvalidSecretError, InvalidNonceError or InvalidRequestError if the input cannot be signed
 *
 * @example
 * ```ts
 * const { steps, signature } = explain({ api: "spot", secret, path: "/0/private/Balance", body: "nonce=1700000000000" });
 * for (const { title, formula, hex } of steps) console.log(title, formula, hex);
 * ```
 */
export function explain(input: RequestInput): Promise<Explanation>;
export function explain(input: ExplainInput): Explanation;
export function explain(input: ExplainInput | RequestInput): Explanation | Promise<Explanation> {
  checkInput("explain", input);
  if ("request" in input) return partsOf(input, "explain").then((parts) => explain(parts));
  const request = requestOf(input);
  return withoutTrace(request, () => run((exports) => exports.explain(request), errorFor(input)));
}

/**
 * Finds the mistakes in a signature that Kraken rejected. It computes the signature with every combination of up to three known mistakes, the smallest
 * combinations first, until one of them reproduces the signature exactly.
 *
 * The first finding is proven: `right`, `mistake` or `unexplained`. A mistake that does not change this request is never named. If several combinations
 * of the same size reproduce the signature, the most likely one is named. A right signature is followed by suspicions, the most likely first.
 *
 * Takes the parts of a request; or what {@link capturedRequest} takes, such as a `Request`, a curl command or a log, with the signature in its headers.
 *
 * @throws InvalidSecretError if the private key cannot be read at all; InvalidRequestError if the input has another type
 *
 * @example
 * ```ts
 * const [finding] = await investigate({ request, secret });
 * console.log(finding?.explanation, finding?.fix);
 * ```
 */
export function investigate(input: RequestInput): Promise<Finding[]>;
export function investigate(input: InvestigateInput): Finding[];
export function investigate(input: InvestigateInput | RequestInput): Finding[] | Promise<Finding[]> {
  checkInput("investigate", input);
  if ("request" in input) return partsOf(input, "investigate").then((parts) => investigate(parts));
  const request = requestOf(input);
  const { key, signature, sent, language } = input;
  const rejected = {
    key: key === undefined ? undefined : text(key, "key"),
    signature: text(signature, "signature"),
    sent: {
      path: sent?.path === undefined ? undefined : text(sent.path, "path"),
      nonce: digits(sent?.nonce),
      body: sent?.body === undefined ? undefined : bytes(sent.body, "body"),
      otp: sent?.otp === undefined ? undefined : text(sent.otp, "otp"),
    },
    language,
  };
  return withoutTrace(request, () => run((exports) => exports.investigate(request, rejected), errorFor(input)));
}

/**
 * Returns the table of all mistakes that {@link investigate} knows.
 *
 * @example
 * ```ts
 * for (const { name, fix } of mistakes()) console.log(name, fix);
 * ```
 */
export function mistakes(): MistakeDescription[] {
  return run((exports) => exports.mistakes(), unexpected);
}

/** The parts of a request without which nothing can be explained, and those that an investigation needs besides. */
const REQUIRED = { explain: ["path", "body"], investigate: ["path", "body", "signature"] };

async function partsOf({ request, secret, entry, language }: RequestInput, use: keyof typeof REQUIRED): Promise<InvestigateInput> {
  const { missing, signature = "", ...parts } = await capturedRequest(request, { entry });
  const needed = missing.filter(({ part }) => REQUIRED[use].includes(part));
  if (needed.length) throw new InvalidRequestError(`Invalid \`request\`: ${needed.map(({ message }) => message).join(" ")}`);
  return { ...parts, signature, secret, language };
}

/** The input of the binary: texts, and bytes that can be wiped. */
interface Request {
  api: Api;
  secret: Uint8Array;
  secretIsText: boolean;
  path: string;
  nonce: string | undefined;
  body: Uint8Array;
}

function checkInput(name: string, input: unknown): void {
  if (typeof input === "object" && input !== null) return;
  throw new InvalidRequestError(`${name}: expected { api, secret, path, … } or { request, secret, … }, got ${described(input)}.`);
}

function requestOf({ api, secret, path, nonce, body }: ExplainInput): Request {
  if (api !== "spot" && api !== "futures")
    throw new InvalidRequestError(
      `Invalid \`api\`: expected "spot" or "futures", got ${typeof api === "string" ? JSON.stringify(`${api as string}`.slice(0, 40)) : described(api)}.`,
    );
  if (secret === undefined)
    throw new InvalidSecretError("Invalid `secret`: expected the private key, got undefined. Is the environment variable set?");
  return {
    api,
    path: text(path, "path"),
    nonce: digits(nonce),
    body: bytes(body ?? "", "body"),
    secretIsText: typeof secret === "string",
    secret: bytes(secret, "secret"),
  };
}

/** Runs work with a request, and wipes the copy of the private key afterwards. */
function withoutTrace<T>({ secret }: Request, work: () => T): T {
  try {
    return work();
  } finally {
    secret.fill(0);
  }
}

/** Copies input; text as UTF-8. */
function bytes(input: string | Uint8Array, what: string): Uint8Array {
  const known = checked(input, what);
  return typeof known === "string" ? utf8Encoder().encode(known) : new Uint8Array(known);
}

function text(input: string, what: string): string {
  const known = checked(input, what);
  if (typeof known !== "string") throw new InvalidRequestError(`Invalid ${what}: expected text, got bytes.`);
  return known;
}

/** Returns a nonce as text. It is not checked, because a wrong nonce may be the mistake. */
function digits(nonce: Nonce | undefined): string | undefined {
  if (nonce === undefined) return undefined;
  if (typeof nonce === "bigint" || typeof nonce === "number") return String(nonce);
  return text(nonce, "nonce");
}

function errorFor({ secret, nonce }: ExplainInput): ErrorFactory {
  return (number) => {
    if (nonce === undefined && (number & 0xff) === NONCE_DECIMAL)
      return new InvalidNonceError("Missing nonce: pass `nonce`, or a body that contains one.");
    return rejection(number & 0xff, number >>> 8, typeof secret === "string" ? secret : "");
  };
}

/** The number is from `src/wasm/codes.rs`. */
const NONCE_DECIMAL = 60;
