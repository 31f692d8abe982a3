// A client for one call, from options and secrets.
import type { Otp } from "../rest/credentials.js";
import type { ClientOptions } from "../rest/options.js";
import { FuturesClient } from "../rest/futures/client.js";
import { version } from "../generated/version.js";
import type { Lane } from "../lane.js";
import type { NonceUnit } from "../nonce.js";
import { SpotClient } from "../rest/spot/client.js";
import type { Option, Values } from "./command.js";
import { Interrupted, UsageError } from "./exit.js";
import type { Io } from "./io.js";
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
  { name: "timeout", value: "SECONDS", help: "for the whole call, with repetitions; 30 by default" },
  { name: "verbose", help: "say what is sent and what comes back, without headers and bodies" },
] as const satisfies readonly Option[];

/** Reads the credentials, asking for what is missing, and opens a client. */
export async function clientOf(
  io: Io,
  isFutures: boolean,
  values: Values<typeof SIGNING_OPTIONS>,
  settings: {
    readonly fetch?: typeof fetch;
    readonly timeout?: number | undefined;
    readonly nonce?: string | undefined;
    readonly otp?: Otp | undefined;
  } = {},
): Promise<SpotClient | FuturesClient> {
  const key = await keyOf(io, isFutures, values.key);
  const secret = await secretOf(io, isFutures, values["secret-file"]);
  if (isFutures && (values["ask-otp"] || values["otp-file"] !== undefined)) throw new UsageError("Futures keys have no second factor.");
  const otp = isFutures ? undefined : (settings.otp ?? (await otpOf(io, values["otp-file"], values["ask-otp"])));
  const { nonce, timeout, fetch } = settings;
  const options: ClientOptions = {
    key,
    secret,
    otp,
    userAgent: `kraken-signer/${version}`,
    ...(nonce === undefined ? { nonce: { unit: values.unit as NonceUnit | undefined } } : { lane: fixed(nonce) }),
    ...(values["base-url"] !== undefined && { baseUrl: values["base-url"] }),
    ...(timeout !== undefined && { timeout }),
    ...(fetch && { fetch }),
  };
  return isFutures ? new FuturesClient(options) : new SpotClient(options);
}

/** A lane that gives one nonce, which the caller has chosen. */
const fixed = (nonce: string): Lane => ({ run: (send) => send(nonce) });

/** Opens a client that sends, and ends the call with Ctrl-C. */
export async function connect<T>(
  io: Io,
  isFutures: boolean,
  values: Values<typeof SENDING_OPTIONS>,
  work: (client: SpotClient | FuturesClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const seconds = values.timeout === undefined ? undefined : Number(values.timeout);
  if (seconds !== undefined && !(seconds > 0 && seconds < 1e6)) throw new UsageError("--timeout: give seconds.");
  const client = await clientOf(io, isFutures, values, {
    timeout: seconds && seconds * 1000,
    ...(values.verbose && { fetch: narrated(io) }),
  });
  // After this a call that was sent ends as one of unknown outcome, which says what to look up.
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new Interrupted());
  process.once("SIGINT", interrupt);
  try {
    return await work(client, stop.signal);
  } finally {
    process.off("SIGINT", interrupt);
    client.close();
  }
}

/** Tells of each request. Its headers and body stay untold: they hold signatures and codes. */
function narrated(io: Io): typeof fetch {
  return async (input, init) => {
    const start = performance.now();
    const line = `${init?.method ?? "GET"} ${new URL(`${input as string}`).origin}${new URL(`${input as string}`).pathname}`;
    const took = (): string => `${Math.round(performance.now() - start)} ms`;
    try {
      const response = await fetch(input, init);
      io.note(io.noteStyle.dim(`${line}: HTTP ${response.status} after ${took()}`));
      return response;
    } catch (error) {
      io.note(io.noteStyle.dim(`${line}: no answer after ${took()}`));
      throw error;
    }
  };
}
