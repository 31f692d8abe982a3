import type { Credential } from "../rest/credentials.js";
import type { ClientSettings, FuturesClientOptions } from "../rest/options.js";
import { InvalidRequestError, KrakenError } from "../errors.js";
import { matches } from "../rest/guards.js";
import type { NonceSourceOptions } from "../signing/nonce.js";
import { Totp } from "../signing/totp.js";

/** Options of an object's client: those of a client with one key. The lane is that of the object. */
export type KeyOptions = ClientSettings &
  Pick<Credential, "key" | "secret" | "otp"> & {
    /** Options of the nonces, as for a `NonceSource`; by default, milliseconds from the clock. */
    readonly nonce?: Omit<NonceSourceOptions, "store"> | undefined;
  };

/** Returns the options of the object with a name. It is called after each start of the object. */
export type KeyOptionsOf<Options = KeyOptions> = (name: string) => Options | Promise<Options>;

/** Options of the client of a Futures key, which has no `rateLimit`. */
export type FuturesKeyOptions = KeyOptions & Pick<FuturesClientOptions, "rateLimit">;

/** Returns options from the environment. The names of the variables contain the name of the object. */
export function fromEnvironment(env: unknown): KeyOptionsOf<FuturesKeyOptions> {
  const variables = env as Record<string, unknown>;
  return (name) => {
    // Each object has only one spelling, because two objects with one key would race each other.
    if (!matches(/^[a-z][a-z0-9_]*$/, name))
      throw new InvalidRequestError(
        `Invalid name of the object: expected lower-case letters, digits and underscores, with a letter first, got ${JSON.stringify(`${name as string}`.slice(0, 40))}.`,
      );
    const prefix = `KRAKEN_${name.toUpperCase()}`;
    const { [`${prefix}_KEY`]: key, [`${prefix}_SECRET`]: secret, [`${prefix}_OTP_SETUP_KEY`]: setupKey } = variables;
    for (const [half, value] of Object.entries({ KEY: key, SECRET: secret })) {
      if (typeof value !== "string")
        throw new InvalidRequestError(
          `The object "${name}" needs ${prefix}_${half}, but the Worker's environment has no such variable. Set it with: wrangler secret put ${prefix}_${half}.`,
        );
    }
    return { key: key as string, secret: secret as string, ...(setupKey ? { otp: new Totp(setupKey as string) } : {}) };
  };
}

/** Asks for the options. Foreign errors are not passed on, because those of `JSON.parse`, for example, quote what may be the secret. */
export async function askForOptions(optionsOf: KeyOptionsOf, name: string | undefined): Promise<KeyOptions> {
  if (!name) throw new InvalidRequestError("This object has no name, so its key is not known. Use getByName or idFromName.");
  try {
    return await optionsOf(name);
  } catch (error) {
    if (error instanceof KrakenError) throw error;
    throw new InvalidRequestError(
      "The function that returns the options of this key threw an error. It is not quoted here, because it may contain the secret.",
    );
  }
}
