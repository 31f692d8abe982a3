import { checkFlag, checkMilliseconds, checkNames, checkRetries, described } from "../checks.js";
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
    | {
        /** Several keys, in the place of `key` and `secret`: for each call the client takes the least powerful one that can make it. None by default. */
        readonly keys: readonly Credential[];
        readonly key?: undefined;
        readonly secret?: undefined;
      }
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
  retry: "retries",
  useragent: "userAgent",
  credentials: "keys",
};

/** Checks the options of a client, one by one, and returns its credentials. */
export function checkOptions(options: ClientOptions): readonly Credential[] {
  need(
    typeof options === "object" && options !== null,
    `A client takes an object with options, such as { key, secret }, but got ${described(options)}.`,
  );
  checkNames("", options, [...SETTINGS, ...CREDENTIAL], ALIASES);
  const { fetch, timeout, userAgent, retries, allowBrowser, clientOrderIds } = options;
  need(fetch === undefined || typeof fetch === "function", `Invalid \`fetch\`: expected a function, got ${described(fetch)}.`);
  checkMilliseconds("timeout", timeout);
  checkRetries(retries);
  need(
    userAgent === undefined || (typeof userAgent === "string" && /^[ -~]+$/.test(userAgent)),
    `Invalid \`userAgent\`: expected printable ASCII text${typeof userAgent === "string" ? "" : `, got ${described(userAgent)}`}.`,
  );
  checkFlag("allowBrowser", allowBrowser);
  checkFlag("clientOrderIds", clientOrderIds);
  return credentialsIn(options);
}

function credentialsIn(options: ClientOptions): readonly Credential[] {
  const { keys } = options;
  if (keys === undefined) return "key" in options || "secret" in options ? [options as Credential] : [];
  need(Array.isArray(keys), `Invalid \`keys\`: expected an array of credentials, [{ key, secret }], got ${described(keys)}.`);
  need(keys.length > 0, "Invalid `keys`: the array is empty. Without any key, leave `keys` out: public endpoints need none.");
  need(!("key" in options && options.key !== undefined), "`key` and `keys` exclude each other: give one credential, or an array of them.");
  for (const [place, credential] of keys.entries()) {
    need(
      credential !== undefined && credential !== null,
      `Invalid \`keys[${place}]\`: expected { key, secret }, got ${described(credential)}.`,
    );
    checkNames(`keys[${place}]`, credential, CREDENTIAL, ALIASES);
  }
  return keys;
}
