import { checkFlag, checkMilliseconds, checkNames, checkRetries, described, isRecord, needGlobals } from "../checks.js";
import { need } from "../errors.js";
import type { Credential } from "./credentials.js";
import { type Hooks, checkHooks } from "./hooks.js";
import type { Fetch } from "./http/fetch.js";
import { type RateLimit, checkRateLimit } from "./rate-options.js";

/** Settings of a client, apart from its keys. */
export interface ClientSettings {
  /** The base URL: https, or http on loopback, without the path of an API; Kraken's own by default. The class refuses an address of another Kraken API. */
  readonly baseUrl?: string | undefined;
  /**
   * The `fetch` to use; by default, that of the runtime. If a function of yours throws before it returns a promise, the request counts as not sent: after
   * it has called `fetch`, it must not throw.
   */
  readonly fetch?: Fetch | undefined;
  /** Milliseconds for a whole call, including waits and retries; 30,000 by default. */
  readonly timeout?: number | undefined;
  /** The header `User-Agent`; `kraken-signer` by default. */
  readonly userAgent?: string | undefined;
  /** How often a call that changes nothing is retried, after at most 1 s, 2 s, 4 s …; 2 by default. */
  readonly retries?: number | undefined;
  /** Allows the client in a web page, where everyone can read the secret; `false` by default. */
  readonly allowBrowser?: boolean | undefined;
  /** Whether an order without `cl_ord_id` and `userref` (Futures: without `cliOrdId`) gets a random client order id; `true` by default. */
  readonly clientOrderIds?: boolean | undefined;
  /** Functions that are told about requests, answers, retries and errors, for logs, metrics and traces; none by default. */
  readonly hooks?: Hooks | undefined;
}

/** Options of a client: one key, several keys, or none for public endpoints only. */
export type ClientOptions = ClientSettings &
  (
    | { readonly keys?: undefined; readonly key?: undefined; readonly secret?: undefined }
    | {
        /**
         * Several keys, in place of `key` and `secret`. The client uses the least privileged one that can make a
         * call, and shares calls that change nothing out among equal ones; none by default.
         */
        readonly keys: readonly Credential[];
        readonly key?: undefined;
        readonly secret?: undefined;
      }
    // The last one is that with which the compiler compares options that fit none of them.
    | (Credential & { readonly keys?: undefined })
  );

/** Options of a {@link SpotClient}. */
export type SpotClientOptions = ClientOptions & {
  /**
   * The rate limits of the account, by its tier or as numbers: calls wait instead of being rejected, and calls that cancel orders never wait. `max` and
   * `decay` (per second) are those of the call counter. None by default.
   */
  readonly rateLimit?: RateLimit | undefined;
};

/** Options of a {@link FuturesClient}. */
export type FuturesClientOptions = ClientOptions & {
  /** None, because the limits of Futures are others, which this package does not keep. */
  readonly rateLimit?: undefined;
};

const SETTINGS = ["baseUrl", "fetch", "timeout", "userAgent", "retries", "allowBrowser", "clientOrderIds", "rateLimit", "hooks", "keys"];
const CREDENTIAL = ["key", "secret", "otp", "nonce", "lane", "use", "permissions"];

/** Names that other libraries use for the options. */
const ALIASES: Readonly<Record<string, string>> = {
  apikey: "key",
  publickey: "key",
  apisecret: "secret",
  privatekey: "secret",
  secretkey: "secret",
  totp: "otp",
  twofactor: "otp",
  password: "otp",
  baseurl: "baseUrl",
  url: "baseUrl",
  timeoutms: "timeout",
  maxretries: "retries",
  retry: "retries",
  useragent: "userAgent",
  agent: "fetch",
  dispatcher: "fetch",
  proxy: "fetch",
  enableratelimit: "rateLimit",
  credentials: "keys",
};

/** Checks the options of a client, and returns its credentials. */
export function checkOptions(options: SpotClientOptions): readonly Credential[] {
  // The signals of an old jsdom have neither this nor a reason.
  needGlobals("AbortSignal.prototype.throwIfAborted", "performance");
  need(
    typeof options === "object" && options !== null,
    `Invalid options: expected an object, such as { key, secret }, got ${described(options)}.`,
  );
  checkNames("", options, [...SETTINGS, ...CREDENTIAL], ALIASES);
  const { fetch, timeout, userAgent, retries, allowBrowser, clientOrderIds, rateLimit, hooks } = options;
  need(fetch === undefined || typeof fetch === "function", `Invalid \`fetch\`: expected a function, got ${described(fetch)}.`);
  checkMilliseconds("timeout", timeout);
  checkRetries(retries);
  need(
    userAgent === undefined || (typeof userAgent === "string" && /^[ -~]+$/.test(userAgent)),
    `Invalid \`userAgent\`: expected printable ASCII text${typeof userAgent === "string" ? "" : `, got ${described(userAgent)}`}.`,
  );
  checkFlag("allowBrowser", allowBrowser);
  checkFlag("clientOrderIds", clientOrderIds);
  checkRateLimit(rateLimit);
  checkHooks(hooks);
  return credentialsIn(options);
}

function credentialsIn(options: ClientOptions): readonly Credential[] {
  const { keys } = options;
  const given = CREDENTIAL.find((name) => (options as Readonly<Record<string, unknown>>)[name] !== undefined);
  if (keys === undefined) return given !== undefined || "key" in options || "secret" in options ? [options as Credential] : [];
  need(given === undefined, `\`${given}\` and \`keys\` exclude each other. Pass one credential, or an array of them.`);
  return checkKeys(keys, "Leave `keys` out to call public endpoints only.");
}

/**
 * Checks a list of credentials.
 *
 * @param advice - says what to do in place of passing none
 */
export function checkKeys(keys: readonly Credential[], advice = "To wipe the keys, use `close()`."): readonly Credential[] {
  need(Array.isArray(keys), `Invalid \`keys\`: expected an array of credentials, [{ key, secret }], got ${described(keys)}.`);
  need(keys.length > 0, `Invalid \`keys\`: the array is empty. ${advice}`);
  for (const [place, credential] of keys.entries()) {
    need(isRecord(credential), `Invalid \`keys[${place}]\`: expected { key, secret }, got ${described(credential)}.`);
    checkNames(`keys[${place}]`, credential, CREDENTIAL, ALIASES);
  }
  return keys;
}
