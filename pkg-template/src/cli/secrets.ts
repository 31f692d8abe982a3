// Where secrets come from: the environment, a file, or a hidden prompt. Never an argument.
import { Totp } from "../signing/totp.js";
import { InvalidOtpKeyError } from "../errors.js";
import { parseOtpauth } from "../inspect/index.js";
import type { Otp } from "../rest/credentials.js";
import { isPrivateKey } from "./arguments.js";
import type { Option } from "./command.js";
import { UsageError } from "./exit.js";
import { secretTextOf } from "./files.js";
import type { Io } from "./io.js";

export const SECRET_FILE = {
  name: "secret-file",
  value: "FILE",
  help: "a file that contains only the private key; - for standard input",
} as const satisfies Option;
export const OTP_FILE = {
  name: "otp-file",
  value: "FILE",
  help: "a file that contains only the two-factor setup key or otpauth:// URI",
} as const satisfies Option;
export const ASK_OTP = { name: "ask-otp", help: "ask for the two-factor code or password at the terminal" } as const satisfies Option;
export const KEY = {
  name: "key",
  value: "KEY",
  help: "the API key (the public half), instead of the one in KRAKEN_KEY",
} as const satisfies Option;

/** The environment variables, as the help explains them. */
export const VARIABLES: readonly (readonly [string, string])[] = [
  ["KRAKEN_KEY, KRAKEN_SECRET", "API key and private key of Spot"],
  ["KRAKEN_FUTURES_KEY, KRAKEN_FUTURES_SECRET", "the same for Futures, which has its own keys"],
  ["KRAKEN_OTP_SETUP_KEY", "two-factor setup key, or otpauth:// URI"],
  ["KRAKEN_OTP_PASSWORD", "two-factor password, for keys that have a static one"],
];

const prefixOf = (futures: boolean): string => (futures ? "KRAKEN_FUTURES" : "KRAKEN");

/** Returns the name of the environment variable with the private key. */
export const secretVariable = (futures: boolean): string => `${prefixOf(futures)}_SECRET`;

/** Returns the API key, from the options, the environment or the user. */
export async function keyOf(io: Io, futures: boolean, given: string | undefined): Promise<string> {
  const name = `${prefixOf(futures)}_KEY`;
  // White space alone is no key. It must be asked for before a call is confirmed, since the question shows the key.
  const key = (given ?? io.env[name])?.trim();
  // Questions show the end of the API key, and must not show the end of a private key.
  if (key && isPrivateKey(key))
    throw new UsageError(`${given === undefined ? name : "--key"} looks like a private key: it may have been swapped with the API key.`);
  if (key) return key;
  if (!io.terminal.present) throw new UsageError(`There is no API key: set ${name}, or give --key.`);
  return (await io.terminal.ask("API key: ")).trim();
}

/** Returns the private key, from a file, the environment or the user. */
export async function secretOf(io: Io, futures: boolean, file: string | undefined): Promise<string> {
  if (file !== undefined) return secretTextOf(io, file);
  const name = secretVariable(futures);
  const secret = io.env[name];
  if (secret) return secret;
  if (!io.terminal.present) throw new UsageError(`There is no private key: set ${name}, or give --secret-file.`);
  return io.terminal.askHidden("Private key (not shown): ");
}

/** Makes an authenticator. The export of an app is refused with the names of its accounts. */
function authenticator(setupKey: string): Totp {
  try {
    return new Totp(setupKey);
  } catch (error) {
    const { accounts = [] } = error instanceof InvalidOtpKeyError ? parseOtpauth(setupKey) : {};
    if (!accounts.length) throw error;
    const names = accounts.map(({ issuer, account }) => [issuer, account].filter(Boolean).join(": "));
    throw new UsageError(
      `The setup key is the export of an authenticator app, of these accounts: ${names.join("; ")}. An export is not used, because it holds the keys of all of them. ` +
        "Give the setup key of one account, which Kraken shows when two-factor authentication is set up.",
    );
  }
}

/** Returns the second factor, if one is configured. */
export async function otpOf(io: Io, file: string | undefined, ask: boolean): Promise<Otp | undefined> {
  const { KRAKEN_OTP_SETUP_KEY: setupKey, KRAKEN_OTP_PASSWORD: password } = io.env;
  if (Number(file !== undefined) + Number(ask) > 1) throw new UsageError("Give only one of --otp-file and --ask-otp.");
  if (ask) {
    if (!io.terminal.present) throw new UsageError("--ask-otp needs a terminal.");
    const code = (await io.terminal.askHidden("Two-factor code or password (not shown): ")).trim();
    return { password: code };
  }
  if (file !== undefined) return authenticator(await secretTextOf(io, file));
  if (setupKey && password)
    throw new UsageError("KRAKEN_OTP_SETUP_KEY and KRAKEN_OTP_PASSWORD are both set, but a key has only one of them. Unset one.");
  if (setupKey) return authenticator(setupKey);
  return password ? { password } : undefined;
}

/** Returns the authenticator, from a file, the environment or the user. */
export async function totpOf(io: Io, file: string | undefined): Promise<Totp> {
  if (file !== undefined) return authenticator(await secretTextOf(io, file));
  if (io.env.KRAKEN_OTP_SETUP_KEY) return authenticator(io.env.KRAKEN_OTP_SETUP_KEY);
  if (!io.terminal.present) throw new UsageError("There is no setup key: set KRAKEN_OTP_SETUP_KEY, or give --otp-file.");
  return authenticator(await io.terminal.askHidden("Setup key or otpauth:// URI (not shown): "));
}
