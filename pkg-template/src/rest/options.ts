import { need } from "../errors.js";
import type { Credential } from "./credentials.js";

/** What a client can be told, besides its keys. */
export interface ClientSettings {
  /** https, or http on loopback; Kraken's own by default. */
  readonly baseUrl?: string | undefined;
  /** The `fetch` to use; the runtime's own by default. */
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds for a whole call, with waiting for its turn, repetitions and pauses; 30 000 by default. */
  readonly timeout?: number | undefined;
  /** The header `User-Agent`; `kraken-signer` by default. */
  readonly userAgent?: string | undefined;
  /** How often a call that changes nothing is sent again, after 1 s, 2 s, 4 s … at most; 2 by default. */
  readonly retries?: number | undefined;
  /** Allows a browser page, where everyone can read the secret; `false` by default. */
  readonly allowBrowser?: boolean | undefined;
  /** `false`: orders without `cl_ord_id` and `userref` (Futures: `cliOrdId`) get none from the client; `true` by default. */
  readonly clientOrderIds?: boolean | undefined;
}

/** Options of a client: one key, or several, or none for public endpoints only. */
export type ClientOptions = ClientSettings &
  (
    | (Credential & { readonly keys?: undefined })
    | { readonly keys: readonly Credential[]; readonly key?: undefined; readonly secret?: undefined }
    | { readonly keys?: undefined; readonly key?: undefined; readonly secret?: undefined }
  );

const SETTINGS = ["baseUrl", "fetch", "timeout", "userAgent", "retries", "allowBrowser", "clientOrderIds", "keys"];
const CREDENTIAL = ["key", "secret", "otp", "nonce", "lane", "use", "permissions"];

/** What people call the options elsewhere. */
const ALIASES: Readonly<Record<string, string>> = {
  apikey: "key",
  publickey: "key",
  apisecret: "secret",
  privatekey: "secret",
  secretkey: "secret",
  totp: "otp",
  twofactor: "otp",
  baseurl: "baseUrl",
  url: "baseUrl",
  timeoutms: "timeout",
  maxretries: "retries",
};

function refuseUnknown(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const lower = name.toLowerCase().replace(/[_-]/g, "");
    const meant = ALIASES[lower] ?? known.find((one) => one.toLowerCase() === lower);
    need(
      false,
      `Unknown option \`${name.slice(0, 60)}\`.${meant ? ` Did you mean \`${meant}\`?` : ` The options are ${known.join(", ")}.`}`,
    );
  }
}

/** Checks the options of a client, one by one, and returns its credentials. */
export function checkOptions(options: ClientOptions): readonly Credential[] {
  need(typeof options === "object" && options !== null, "The options of a client are an object, such as `{ key, secret }`.");
  refuseUnknown(options, [...SETTINGS, ...CREDENTIAL]);
  const { fetch, timeout, userAgent, retries, keys } = options;
  need(
    fetch === undefined || typeof fetch === "function",
    `Invalid \`fetch\`: expected a function, got ${fetch === null ? "null" : `a ${typeof fetch}`}.`,
  );
  need(
    timeout === undefined || (typeof timeout === "number" && timeout > 0 && timeout < 2 ** 31),
    "Invalid `timeout`: expected milliseconds below 2^31, as a number.",
  );
  need(
    userAgent === undefined || (typeof userAgent === "string" && /^[ -~]+$/.test(userAgent)),
    "Invalid `userAgent`: expected printable ASCII text.",
  );
  need(
    retries === undefined || (typeof retries === "number" && Number.isInteger(retries) && retries >= 0),
    "Invalid `retries`: expected a whole number from 0 on.",
  );
  if (keys === undefined) return "key" in options || "secret" in options ? [options as Credential] : [];
  need(Array.isArray(keys) && keys.length > 0, "Invalid `keys`: expected a list with at least one credential, `[{ key, secret }]`.");
  need(!("key" in options && options.key !== undefined), "`key` and `keys` exclude each other: give one credential, or a list of them.");
  for (const credential of keys) refuseUnknown(credential, CREDENTIAL);
  return keys;
}
