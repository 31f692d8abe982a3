// Makes a client for one call from options and secrets.
import { version } from "../generated/version.js";
import type { Lane } from "../lane/lane.js";
import type { NonceUnit } from "../signing/nonce.js";
import { baseOfClient } from "../rest/guards.js";
import type { Credential, Otp } from "../rest/credentials.js";
import { FuturesClient } from "../rest/futures/client.js";
import type { FuturesClientOptions } from "../rest/options.js";
import { SpotClient } from "../rest/spot/client.js";
import type { Option, Values } from "./command.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import type { Client, SendOptions } from "./orders.js";
import { ASK_OTP, KEY, OTP_FILE, SECRET_FILE, keyOf, otpOf, secretOf } from "./secrets.js";

export const UNIT = {
  name: "unit",
  value: "UNIT",
  choices: ["ms", "us", "ns"],
  help: "unit of nonces; ms by default. A key can never go back from a finer unit",
} as const satisfies Option;

/** Options of the commands that sign. */
export const SIGNING_OPTIONS = [
  KEY,
  SECRET_FILE,
  OTP_FILE,
  ASK_OTP,
  UNIT,
  { name: "base-url", value: "URL", help: "the address of Kraken; http on loopback only" },
] as const satisfies readonly Option[];

/** Options of the commands that send. */
export const SENDING_OPTIONS = [
  ...SIGNING_OPTIONS,
  { name: "timeout", value: "SECONDS", help: "limit for the whole call, including retries; 30 by default, 60 for orders" },
  { name: "verbose", help: "log each request and its status, without headers and bodies" },
] as const satisfies readonly Option[];

/** Settings of a client that its command decides. */
interface ClientSettings {
  readonly fetch?: typeof fetch;
  readonly timeout?: number | undefined;
  readonly nonce?: string | undefined;
  readonly otp?: Otp | undefined;
  /** The credential, if it was read already. */
  readonly credential?: Credential | undefined;
  /** Whether to make a client without a key, for public endpoints. */
  readonly withoutKey?: boolean;
}

/** Returns the host that a request goes to. */
export const hostOf = (isFutures: boolean, baseUrl: string | undefined): string => {
  const url = baseUrl ?? (isFutures ? "https://futures.kraken.com" : "https://api.kraken.com");
  return URL.canParse(url) ? new URL(url).host : url;
};

/** Reads the credentials, asks for the missing ones, and makes a client. */
export async function clientOf(
  io: Io,
  isFutures: boolean,
  values: Values<typeof SIGNING_OPTIONS>,
  settings: ClientSettings = {},
): Promise<Client> {
  const { nonce, timeout, fetch, withoutKey, credential } = settings;
  const options: FuturesClientOptions = {
    ...(!withoutKey && (credential ?? (await credentialOf(io, isFutures, values, settings)))),
    userAgent: `kraken-signer/${version}`,
    ...(values["base-url"] !== undefined && { baseUrl: baseOfClient(values["base-url"], isFutures ? "futures" : "spot", "--base-url") }),
    ...(timeout !== undefined && { timeout }),
    ...(fetch && { fetch }),
    // With a given nonce, signatures are compared, so nothing is added to the parameters.
    ...(nonce !== undefined && { clientOrderIds: false }),
  };
  return isFutures ? new FuturesClient(options) : new SpotClient(options);
}

/** Reads the credential, and asks for what is missing. */
export async function credentialOf(
  io: Io,
  isFutures: boolean,
  values: Values<typeof SIGNING_OPTIONS>,
  { nonce, otp: given }: ClientSettings = {},
): Promise<Credential> {
  const key = await keyOf(io, isFutures, values.key);
  const secret = await secretOf(io, isFutures, values["secret-file"]);
  if (isFutures && (values["ask-otp"] || values["otp-file"] !== undefined))
    throw new UsageError("Kraken Futures keys have no second factor: leave out --ask-otp and --otp-file.");
  const otp = isFutures ? undefined : (given ?? (await otpOf(io, values["otp-file"], values["ask-otp"])));
  const lane = nonce === undefined ? { nonce: { unit: values.unit as NonceUnit | undefined } } : { lane: fixed(nonce) };
  return { key, secret, ...(otp && { otp }), ...lane };
}

/** Makes a lane that gives out one nonce, which the caller has chosen. */
const fixed = (nonce: string): Lane => ({ run: (send) => send(nonce) });

/** The call that a client is made for. */
interface Called {
  readonly futures: boolean;
  readonly endpoint: string;
  readonly write: boolean;
  readonly isPublic?: boolean;
  /** The credential, if it was read already. */
  readonly credential?: Credential;
}

/** Makes a client, does the work with it and closes it. If a signal stops a write that was sent, the error says where to look for it. */
export async function connect<T>(
  io: Io,
  called: Called,
  values: Values<typeof SENDING_OPTIONS>,
  work: (client: Client, options: SendOptions) => Promise<T>,
): Promise<T> {
  const seconds = values.timeout === undefined ? undefined : Number(values.timeout);
  if (seconds !== undefined && !(seconds > 0 && seconds < 1e6))
    throw new UsageError("--timeout: give a number of seconds, above 0 and below 1000000.");
  const timeout = seconds && seconds * 1000;
  const settings = {
    timeout,
    fetch: observed(io, called, values.verbose),
    withoutKey: called.isPublic ?? false,
    credential: called.credential,
  };
  const client = await clientOf(io, called.futures, values, settings);
  const stop = new AbortController();
  io.windUp = (reason) => {
    if (!io.progress.mayHaveChanged) return false;
    stop.abort(reason);
    return true;
  };
  try {
    const answer = await work(client, { signal: stop.signal, timeout });
    io.progress.succeeds(answer);
    return answer;
  } finally {
    io.windUp = undefined;
    client.close();
  }
}

/** Wraps `fetch`: records each request before it is sent and, if verbose, logs it without headers and body, which contain secrets. */
function observed(io: Io, { endpoint, write }: Called, isVerbose: boolean): typeof fetch {
  return async (input, init) => {
    const { origin, pathname } = new URL(input as string);
    io.progress.sends(endpoint, write, {
      path: pathname,
      headers: init?.headers as Record<string, string>,
      body: (init?.body ?? "") as string,
    });
    const start = performance.now();
    const log = (outcome: string): void => {
      const line = `${init?.method ?? "GET"} ${origin}${pathname}: ${outcome} after ${Math.round(performance.now() - start)} ms`;
      if (isVerbose) io.note(io.noteStyle.dim(line));
    };
    try {
      const response = await fetch(input, init);
      log(`HTTP ${response.status}`);
      return response;
    } catch (error) {
      log("no answer");
      throw error;
    }
  };
}
