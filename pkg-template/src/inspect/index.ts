import { checked } from "../wasm/memory.js";
import { rejection } from "../wasm/rejection.js";
import { described } from "../checks.js";
import { InvalidNonceError, InvalidOtpKeyError, InvalidRequestError, InvalidSecretError } from "../errors.js";
import { run, type ErrorFactory } from "../wasm/inspector.js";
import type { Nonce } from "../signing/signer.js";
import type { MistakeName } from "./mistakes.js";

export { InvalidNonceError, InvalidOtpKeyError, InvalidRequestError, InvalidSecretError, KrakenError, type ErrorCode } from "../errors.js";
export type { Nonce } from "../signing/signer.js";
export { MISTAKES, type MistakeName } from "./mistakes.js";

/** Which of Kraken's two products, and so which signature scheme. */
export type Api = "spot" | "futures";

/** What is to be signed, for {@link explain}. */
export interface ExplainInput {
  /** Whose signature it is. */
  api: Api;
  /** The private key in base64, as Kraken shows it, or its decoded bytes. */
  secret: string | Uint8Array;
  /** Spot: the request target from `/0/` on, with its query. Futures: the endpoint path, with or without `/derivatives`. */
  path: string;
  /** Left out: the nonce in the body (Spot), or none (Futures). */
  nonce?: Nonce | undefined;
  /** The body (Spot) or postData (Futures), exactly as sent. @default "" */
  body?: string | Uint8Array | undefined;
}

/**
 * The values of a signature, in the order of {@link Explanation.steps}: the decoded private key, the nonce, the body (postData for Futures),
 * what is signed of the path, what goes into SHA-256, its digest, what goes into HMAC-SHA512, the HMAC, the HMAC in base64.
 */
export type StepName = "secret" | "nonce" | "body" | "path" | "hashed" | "digest" | "message" | "mac" | "signature";

/** A stretch of a value that is put together from others. */
export interface Part {
  /** The step that has this value by itself. */
  step: StepName;
  /** Where it begins, in bytes from 0. */
  start: number;
  /** Its length in bytes. */
  length: number;
}

/** A value on the way to a signature. */
export interface Step {
  /** What it is, for programs. */
  name: StepName;
  /** What it is, for people: `Nonce and body`. */
  title: string;
  /** How it comes about: `nonce ‖ body`. */
  formula: string;
  /** Its length in bytes. */
  length: number;
  /** Its bytes in lower-case hexadecimal. Not of the private key. */
  hex?: string;
  /** Its bytes as text, where they are UTF-8. Not of the private key. */
  text?: string;
  /** Of the private key only: the first 16 hexadecimal digits of its SHA-256, to see whether two keys are the same. */
  fingerprint?: string;
  /** What it is put together from, in order and without gaps; empty for what is not a concatenation. */
  parts: Part[];
}

/** A signature with every value on the way to it. */
export interface Explanation {
  /** Whose signature it is. */
  api: Api;
  /** The header that carries the signature. */
  header: "API-Sign" | "Authent";
  /** The scheme in one line. */
  formula: string;
  /** The signature: base64 of 64 bytes. */
  signature: string;
  /** Always the same nine, in the order of {@link StepName}. */
  steps: Step[];
}

/** A language that there is corrected code in. */
export type Language = "javascript" | "python" | "shell" | "java" | "rust";

/** A refused signature, and what is known of how it came about, for {@link investigate}. */
export interface InvestigateInput {
  /** Whose signature it was meant to be. */
  api: Api;
  /** The API key, in case it was taken for the private key. */
  key?: string | undefined;
  /** The private key as the program has it: in base64, with whatever is wrong about it, or its decoded bytes. */
  secret: string | Uint8Array;
  /** The path that was signed, as far as its author knows. */
  path: string;
  /** The nonce that was signed; left out: the one in the body. */
  nonce?: Nonce | undefined;
  /** The body (Spot) or postData (Futures) that was signed. @default "" */
  body?: string | Uint8Array | undefined;
  /** The signature that Kraken refused, exactly as it was sent. */
  signature: string;
  /** What was really sent, where that is known, from a network log for example. */
  sent?:
    | {
        path?: string | undefined;
        nonce?: Nonce | undefined;
        body?: string | Uint8Array | undefined;
        /** The two-factor code. */
        otp?: string | undefined;
      }
    | undefined;
  /** The language of {@link Finding.snippet}; without one there is none. */
  language?: Language | undefined;
}

/**
 * Sorts of findings. `right`: the signature is what Kraken expects, and suspicions follow. `mistake`: it was reproduced with mistakes.
 * `unexplained`: no combination of known mistakes reproduces it. `suspicion`: something that would explain a refusal and cannot be proven.
 */
export type FindingKind = "right" | "mistake" | "unexplained" | "suspicion";

/** What may be wrong although a signature is right. */
export type SuspicionName =
  | "body-differs"
  | "path-differs"
  | "nonce-differs"
  | "secret-malformed"
  | "otp-not-signed"
  | "otp-missing"
  | "otp-wrong"
  | "other-key"
  | "other-product"
  | "body-changed-in-transit"
  | "clipboard"
  | "key-revoked";

/** What is said about a signature. */
export interface Finding {
  /** Whether the signature is right, has mistakes, or could not be explained. */
  kind: FindingKind;
  /** Whether the signature was reproduced, byte for byte. */
  proven: boolean;
  /** The mistakes that reproduce it, in the order in which they happened; empty if it is right, and for what is not proven. */
  mistakes: MistakeName[];
  /** Of a suspicion: its name. */
  suspicion?: SuspicionName;
  /** What happened, in plain words. */
  explanation: string;
  /** What to do about it. */
  fix: string;
  /** The value in {@link explain} that went wrong first. */
  step?: StepName;
  /** Code that signs as Kraken expects it: a whole file. */
  snippet?: { language: Language; code: string };
  /** How many combinations were computed; 0 for suspicions. */
  tried: number;
}

/** A line of the table of mistakes. */
export interface MistakeDescription {
  /** What it is, for programs. */
  name: MistakeName;
  /** The value in {@link explain} that it spoils first. */
  step: StepName;
  /** What was done, in a sentence. */
  explanation: string;
  /** What to do instead, in a sentence. */
  fix: string;
}

/** What an `otpauth://` URI says. The setup key itself is left out, so that this can be shown and logged. */
export interface OtpauthReport {
  /** `totp` for time-based codes, which Kraken uses; `hotp` for counted ones. Empty if the text is no such URI. */
  type: string;
  /** What an authenticator app shows, decoded: `Kraken:me@example.com`. */
  label: string;
  /** Who issued the key: the parameter `issuer`, or what stands before the label's colon. */
  issuer?: string;
  /** The label without the issuer. */
  account: string;
  /** `SHA1`, `SHA256` or `SHA512`, or what the URI has in its place. */
  algorithm: string;
  /** Digits of a code; absent if the URI has no number there. */
  digits?: number;
  /** Seconds a code lasts; absent if the URI has no number there. */
  period?: number;
  /** How many bytes the setup key has; absent if it is missing or no base32. */
  keyLength?: number;
  /** Whether `new Totp(uri)` takes it. */
  usable: boolean;
  /** Whether its codes are of the sort that Kraken asks for: time-based, SHA-1, 30 seconds, 6 to 8 digits. */
  kraken: boolean;
  /** What is wrong or unusual, a sentence each. */
  problems: string[];
}

/** The `Request` that was sent, or is about to be, in place of its parts. Its body is read from a copy. */
export interface RequestInput {
  /** With its headers and its body: a `clone()` made before it was sent. */
  request: globalThis.Request;
  /** The private key in base64, as Kraken shows it, or its decoded bytes. */
  secret: string | Uint8Array;
  /** The language of {@link Finding.snippet}; without one there is none. */
  language?: Language | undefined;
}

/**
 * Computes a signature and keeps every value on the way: from parts, or from a `Request`.
 *
 * @throws {@link InvalidSecretError}, {@link InvalidNonceError}, {@link InvalidRequestError} for what cannot be signed
 */
export function explain(input: RequestInput): Promise<Explanation>;
export function explain(input: ExplainInput): Explanation;
export function explain(input: ExplainInput | RequestInput): Explanation | Promise<Explanation> {
  if ("request" in input) return partsOf(input).then((parts) => explain(parts));
  const request = requestOf(input);
  return withoutTrace(request, () => run((exports) => exports.explain(request), errorFor(input)));
}

/**
 * Finds the mistakes behind a signature that Kraken refused: recomputes it with every combination of up to three known mistakes, fewest
 * first, until one gives exactly it.
 *
 * The first finding says what was proven: `right`, `mistake` or `unexplained`. Nothing is claimed that was not reproduced, and a mistake that
 * changes nothing for this request is never named; where several combinations of the same size reproduce the signature, the likeliest is
 * named. A right signature is followed by suspicions, likeliest first.
 *
 * Takes parts, or the `Request` that was sent, with the signature in its headers.
 *
 * @throws {@link InvalidSecretError} for a private key that cannot be read at all, {@link InvalidRequestError} for input of another shape
 */
export function investigate(input: RequestInput): Promise<Finding[]>;
export function investigate(input: InvestigateInput): Finding[];
export function investigate(input: InvestigateInput | RequestInput): Finding[] | Promise<Finding[]> {
  if ("request" in input) {
    return partsOf(input).then((parts) => {
      if (parts.signature) return investigate(parts);
      throw new InvalidRequestError("The request has no signature: neither API-Sign nor Authent is among its headers.");
    });
  }
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

/** The table of all mistakes that {@link investigate} knows. */
export function mistakes(): MistakeDescription[] {
  return run((exports) => exports.mistakes(), unexpected);
}

/**
 * Says what a two-factor URI, as QR codes carry it, has in it, and whether Kraken would take its codes.
 *
 * Lenient: what cannot be read is among `problems`. `new Totp(uri)` makes the codes, and is strict.
 */
export function parseOtpauth(uri: string): OtpauthReport {
  if (typeof uri !== "string")
    throw new InvalidOtpKeyError(`Invalid URI: expected text such as "otpauth://totp/…", got ${described(uri)}.`);
  return run((exports) => exports.parse_otpauth(uri), unexpected);
}

/** What the binary reads of a `Request`. */
interface Parts {
  api: Api;
  path: string;
  nonce?: string;
  body: Uint8Array;
  key?: string;
  signature?: string;
}

async function partsOf({ request, secret, language }: RequestInput): Promise<InvestigateInput> {
  if (!isRequest(request)) throw new InvalidRequestError("Invalid `request`: expected a Request.");
  if (request.bodyUsed) throw new InvalidRequestError("The body of `request` was sent already: pass a clone() that was made before.");
  const { api, path, nonce, body, key, signature } = await run<Promise<Parts>>((exports) => exports.read_request(request), unexpected);
  return { api, path, nonce, body, key, signature: signature ?? "", secret, language };
}

/** Also of another realm. Workers with a compatibility date before 2024-09-26 have requests without a tag. */
const isRequest = (value: unknown): boolean =>
  value instanceof globalThis.Request || Object.prototype.toString.call(value) === "[object Request]";

/** What the binary takes: texts, and bytes of its own that can be wiped. */
interface Request {
  api: Api;
  secret: Uint8Array;
  secretIsText: boolean;
  path: string;
  nonce: string | undefined;
  body: Uint8Array;
}

const encoder = /* @__PURE__ */ new TextEncoder();

function requestOf({ api, secret, path, nonce, body }: ExplainInput): Request {
  if (api !== "spot" && api !== "futures") throw new InvalidRequestError('The api is "spot" or "futures".');
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

/** Runs with a request and wipes its copy of the private key. */
function withoutTrace<T>({ secret }: Request, work: () => T): T {
  try {
    return work();
  } finally {
    secret.fill(0);
  }
}

/** A copy, as UTF-8 if it was text. */
function bytes(input: string | Uint8Array, what: string): Uint8Array {
  const known = checked(input, what);
  return typeof known === "string" ? encoder.encode(known) : new Uint8Array(known);
}

function text(input: string, what: string): string {
  const known = checked(input, what);
  if (typeof known !== "string") throw new InvalidRequestError(`Invalid ${what}: expected text, got bytes.`);
  return known;
}

/** A nonce as it stands in a request. It may be wrong: that is what is looked into. */
function digits(nonce: Nonce | undefined): string | undefined {
  if (nonce === undefined) return undefined;
  if (typeof nonce === "bigint" || typeof nonce === "number") return String(nonce);
  return text(nonce, "nonce");
}

function errorFor({ secret, nonce }: ExplainInput): ErrorFactory {
  return (number) => {
    if (nonce === undefined && (number & 0xff) === NONCE_DECIMAL) return new InvalidNonceError("There is no nonce, nor one in the body.");
    return rejection(number & 0xff, number >>> 8, typeof secret === "string" ? secret : "");
  };
}

/** Of `src/wasm/codes.rs`. */
const NONCE_DECIMAL = 60;

const unexpected: ErrorFactory = (number) => rejection(number & 0xff);
