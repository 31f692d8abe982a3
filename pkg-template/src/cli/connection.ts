// A client for one call, from options and secrets.
import { version } from "../generated/version.js";
import type { Lane } from "../lane/lane.js";
import type { NonceUnit } from "../signing/nonce.js";
import { baseOfClient } from "../rest/guards.js";
import type { Credential, Otp } from "../rest/credentials.js";
import { FuturesClient } from "../rest/futures/client.js";
import type { ClientOptions } from "../rest/options.js";
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
  help: "of nonces; ms by default. A finer one can never be undone for a key",
} as const satisfies Option;

/** What signing takes. */
export const SIGNING_OPTIONS = [
  KEY,
  SECRET_FILE,
  OTP_FILE,
  ASK_OTP,
  UNIT,
  { name: "base-url", value: "URL", help: "where Kraken is; http on loopback only" },
] as const satisfies readonly Option[];

/** What sending takes besides. */
export const SENDING_OPTIONS = [
  ...SIGNING_OPTIONS,
  { name: "timeout", value: "SECONDS", help: "for the whole call, with repetitions; 30 by default, 60 for orders" },
  { name: "verbose", help: "say what is sent and what comes back, without headers and bodies" },
] as const satisfies readonly Option[];

/** What a client is made with, besides its credentials. */
interface ClientSettings {
  readonly fetch?: typeof fetch;
  readonly timeout?: number | undefined;
  readonly nonce?: string | undefined;
  readonly otp?: Otp | undefined;
  /** For public endpoints, which take none. */
  readonly withoutKey?: boolean;
}

/** The host that a request goes to. */
export const hostOf = (isFutures: boolean, baseUrl: string | undefined): string => {
  const url = baseUrl ?? (isFutures ? "https://futures.kraken.com" : "https://api.kraken.com");
  return URL.canParse(url) ? new URL(url).host : url;
};

/** Reads the credentials, asking for what is missing, and opens a client. */
export async function clientOf(
  io: Io,
  isFutures: boolean,
  values: Values<typeof SIGNING_OPTIONS>,
  settings: ClientSettings = {},
): Promise<Client> {
  const { nonce, timeout, fetch, withoutKey } = settings;
  const options: ClientOptions = {
    ...(!withoutKey && (await credentialOf(io, isFutures, values, settings))),
    userAgent: `kraken-signer/${version}`,
    ...(values["base-url"] !== undefined && { baseUrl: baseOfClient(values["base-url"], isFutures ? "futures" : "spot", "--base-url") }),
    ...(timeout !== undefined && { timeout }),
    ...(fetch && { fetch }),
    // Whoever compares a signature signs what was typed, and nothing else.
    ...(nonce !== undefined && { clientOrderIds: false }),
  };
  return isFutures ? new FuturesClient(options) : new SpotClient(options);
}

async function credentialOf(
  io: Io,
  isFutures: boolean,
  values: Values<typeof SIGNING_OPTIONS>,
  { nonce, otp: given }: ClientSettings,
): Promise<Credential> {
  const key = await keyOf(io, isFutures, values.key);
  const secret = await secretOf(io, isFutures, values["secret-file"]);
  if (isFutures && (values["ask-otp"] || values["otp-file"] !== undefined))
    throw new UsageError("Futures keys have no second factor: leave --ask-otp and --otp-file out.");
  const otp = isFutures ? undefined : (given ?? (await otpOf(io, values["otp-file"], values["ask-otp"])));
  const lane = nonce === undefined ? { nonce: { unit: values.unit as NonceUnit | undefined } } : { lane: fixed(nonce) };
  return { key, secret, ...(otp && { otp }), ...lane };
}

/** A lane that gives one nonce, which the caller has chosen. */
const fixed = (nonce: string): Lane => ({ run: (send) => send(nonce) });

/** What is called. */
interface Called {
  readonly futures: boolean;
  readonly endpoint: string;
  readonly write: boolean;
  readonly isPublic?: boolean;
}

/** Opens a client that sends. After a signal, a call that was sent ends as one of unknown outcome, which says what to look up. */
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
  const settings = { timeout, fetch: observed(io, called, values.verbose), withoutKey: called.isPublic ?? false };
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

/** Notes each request before it is sent, and tells of it if asked to: without its headers and body, which hold signatures and codes. */
function observed(io: Io, { endpoint, write }: Called, isTold: boolean): typeof fetch {
  return async (input, init) => {
    const { origin, pathname } = new URL(input as string);
    io.progress.sends(endpoint, write, {
      path: pathname,
      headers: init?.headers as Record<string, string>,
      body: (init?.body ?? "") as string,
    });
    const start = performance.now();
    const tell = (what: string): void => {
      const line = `${init?.method ?? "GET"} ${origin}${pathname}: ${what} after ${Math.round(performance.now() - start)} ms`;
      if (isTold) io.note(io.noteStyle.dim(line));
    };
    try {
      const response = await fetch(input, init);
      tell(`HTTP ${response.status}`);
      return response;
    } catch (error) {
      tell("no answer");
      throw error;
    }
  };
}
