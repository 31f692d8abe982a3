import { checkNames, described, ifUnset } from "../checks.js";
import { InvalidSecretError, need } from "../errors.js";
import type { KeyHandle } from "../wasm/key-handle.js";
import type { Lane } from "../lane/lane.js";
import { laneOf } from "../lane/process.js";
import type { NonceSource, NonceUnit } from "../signing/nonce.js";
import { secretKey } from "../signing/secret.js";
import type { Totp } from "../signing/totp.js";
import { permits } from "./endpoint.js";
import { matches } from "./guards.js";

/** Where one-time passwords come from: an authenticator, a static password, or a function. A code is made afresh for each attempt. */
export type Otp = Totp | { /** The same password each time. */ readonly password: string } | (() => string | Promise<string>);

/** One API key. */
export interface Credential {
  /** The API key, as Kraken shows it. White space around it is left out. */
  readonly key: string;
  /** The private key: base64 as Kraken shows it, or its bytes. Only what a {@link Signer} keeps of it is kept. */
  readonly secret: string | Uint8Array;
  /** For Spot keys with two-factor authentication; none by default. */
  readonly otp?: Otp | undefined;
  /** A source of nonces, or their unit: milliseconds by default. A finer one can never be undone for a key. */
  readonly nonce?: NonceSource | { readonly unit?: NonceUnit | undefined } | undefined;
  /** Orders requests and gives them nonces, where several processes share the key; by default a lane of this process. */
  readonly lane?: Lane | undefined;
  /** What the key may be used for: a call that changes something never goes to a `read` key. `any` by default. */
  readonly use?: "read" | "write" | "any" | undefined;
  /** The key's permissions, if known, so that it is spared what it cannot do; unknown by default, and `check()` learns them. */
  readonly permissions?: readonly string[] | undefined;
}

/** A credential as a client keeps it. */
export interface LoadedCredential {
  readonly key: string;
  readonly secret: KeyHandle;
  /** How many bytes it had. */
  readonly secretLength: number;
  readonly otp: OtpSource | undefined;
  readonly lane: Lane;
  /** Of the nonces, where this package makes them. */
  readonly unit: string | undefined;
  readonly use: "read" | "write" | "any";
  permissions: readonly string[] | undefined;
}

/** Where the one-time passwords of a key come from. */
export interface OtpSource {
  make(): string | Promise<string>;
  /** The same password each time. A code, by contrast, may be spent by the first copy of a request, so that the second one is refused. */
  readonly isStatic: boolean;
}

function otpSource(otp: Otp | undefined): OtpSource | undefined {
  if (otp === undefined) return undefined;
  if (typeof otp === "function") return { make: otp, isStatic: false };
  // By shape, not by class: a Totp may come from the other copy of this package (ESM, CommonJS).
  if (Object(otp) === otp && "code" in otp) return { make: () => otp.code(), isStatic: false };
  const { password } = Object(otp) as { password?: unknown };
  // A bare string could be a setup key, which must never be sent.
  need(typeof otp !== "string", "Invalid `otp`: a string could be a setup key or a password. Pass `new Totp(setupKey)` or `{ password }`.");
  need(matches(/./, password), `Invalid \`otp\`: expected a Totp, { password } or a function, got ${described(otp)}.`);
  return { make: () => password, isStatic: true };
}

/** What an API key is, for messages. */
const SHAPE = "expected the API key as Kraken shows it (printable ASCII, no spaces)";

/** The API key, checked before it gets near a header: runtimes quote the value of a bad one in their errors. */
function checkedKey(key: unknown): string {
  need(typeof key === "string", `Invalid \`key\`: ${SHAPE}, got ${described(key)}.${ifUnset(key)}`);
  const trimmed = key.trim();
  need(trimmed, `Invalid \`key\`: it is empty.${ifUnset("")}`);
  need(!/^["'`]|["'`]$/.test(trimmed), "Invalid `key`: it has quotes around it, perhaps those of an .env file. Leave them out.");
  need(!/\s/.test(trimmed), `Invalid \`key\`: ${SHAPE}. It has white space within.`);
  need(/^[!-~]+$/.test(trimmed), `Invalid \`key\`: ${SHAPE}. It has a character that is no part of any key.`);
  return trimmed;
}

/** Refuses a private key in the place of the API key, where it would be sent as it is. */
function checkPair(key: string, secret: unknown): void {
  if (!/^[\w+/-]{86}==$/.test(key)) return;
  if (matches(/^\s*\S{56}\s*$/, secret))
    throw new InvalidSecretError("`key` and `secret` are swapped: the API key has 56 characters, the private key 88.");
  throw new InvalidSecretError("Invalid `key`: it looks like a private key, whose place is `secret`. The API key has 56 characters.");
}

/** The unit that is asked for, where this package makes the nonces. */
function unitIn(nonce: unknown): NonceUnit {
  if (nonce === undefined) return "ms";
  need(
    typeof nonce === "object" && nonce !== null,
    `Invalid \`nonce\`: expected a NonceSource, or an object such as { unit: "us" }, got ${described(nonce)}.`,
  );
  checkNames("nonce", nonce, ["unit"]);
  return (nonce as { unit?: NonceUnit | undefined }).unit ?? "ms";
}

const isSource = (nonce: Credential["nonce"]): nonce is NonceSource => typeof (nonce as NonceSource | undefined)?.next === "function";

/** How many bytes a secret has. Kraken's have 64: another number says that characters were lost, or that it was decoded wrongly. */
const lengthOf = (secret: string | Uint8Array): number =>
  typeof secret === "string" ? Math.floor((secret.replace(/[\s=]/g, "").length * 3) / 4) : secret.byteLength;

/** Checks a credential and loads its secret into the binary. */
export function loadCredential(credential: Credential): LoadedCredential {
  need("key" in credential, "There is a `secret` without a `key`: pass the API key, which is no secret, too.");
  need("secret" in credential, "There is a `key` without a `secret`: pass the private key, too, or leave both out for public endpoints.");
  const { key: given, secret, otp, nonce, lane, use = "any", permissions } = credential;
  const key = checkedKey(given);
  checkPair(key, secret);
  need(
    ["read", "write", "any"].includes(use),
    `Invalid \`use\`: expected "read", "write" or "any", got ${typeof use === "string" ? JSON.stringify(use) : described(use)}.`,
  );
  need(
    permissions === undefined || Array.isArray(permissions),
    `Invalid \`permissions\`: expected an array of names, such as ["query-funds"], got ${described(permissions)}.`,
  );
  need(!(lane && nonce), "`lane` and `nonce` exclude each other: a lane gives the nonces.");
  need(
    lane === undefined || typeof lane?.run === "function",
    `Invalid \`lane\`: expected an object with a method \`run\`, got ${described(lane)}.`,
  );
  const source = isSource(nonce) ? nonce : undefined;
  const unit = lane || source ? undefined : unitIn(nonce);
  return {
    key,
    secret: secretKey(secret),
    secretLength: lengthOf(secret),
    otp: otpSource(otp),
    lane: lane ?? laneOf(key, source, unit),
    unit,
    use,
    permissions,
  };
}

const ROLES = ["read", "write", "any"] as const;

/** The order in which keys are tried: first those with the permissions, then the least powerful role, then the fewest permissions. */
function rank({ permissions, use }: LoadedCredential, needed: string): number {
  const lacks = permissions && !permits(permissions, needed) ? 10_000 : 0;
  return lacks + ROLES.indexOf(use) * 1000 + Math.min(permissions?.length ?? 999, 999);
}

/** The least powerful credential that can make a call. */
export function chooseCredential(
  credentials: readonly LoadedCredential[],
  { endpoint, write, permissions }: { readonly endpoint: string; readonly write: boolean; readonly permissions: string },
): LoadedCredential {
  need(credentials.length, `${endpoint} is a private endpoint: this client has no key. Pass \`key\` and \`secret\`.`);
  const [best] = credentials.filter(({ use }) => !write || use !== "read").sort((a, b) => rank(a, permissions) - rank(b, permissions));
  need(best, `${endpoint} changes something, but every configured key has \`use: "read"\`.`);
  return best;
}
