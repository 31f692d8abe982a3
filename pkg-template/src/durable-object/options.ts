import type { Credential } from "../rest/credentials.js";
import type { ClientSettings } from "../rest/options.js";
import { InvalidRequestError, KrakenError } from "../errors.js";
import { matches } from "../rest/guards.js";
import type { NonceSourceOptions } from "../signing/nonce.js";
import { Totp } from "../signing/totp.js";

/** What an object's client is made of: the options of a client with one key, whose lane is the object's. */
export type KeyOptions = ClientSettings &
  Pick<Credential, "key" | "secret" | "otp"> & {
    /** The unit, and where nonces start: as for a `NonceSource`. */
    readonly nonce?: NonceSourceOptions | undefined;
  };

/** Gives the options for the object of this name; asked again for each new life of the object. */
export type KeyOptionsOf = (name: string) => KeyOptions | Promise<KeyOptions>;

/** Options from the environment, whose variables have the object's name within theirs. */
export function fromEnvironment(env: unknown): KeyOptionsOf {
  const variables = env as Record<string, unknown>;
  return (name) => {
    // One spelling for each object: two objects with one key would race each other.
    if (!matches(/^[a-z][a-z0-9_]*$/, name))
      throw new InvalidRequestError(
        "The name of the object of a key has lower-case letters, digits and underscores, and begins with a letter.",
      );
    const prefix = `KRAKEN_${name.toUpperCase()}`;
    const { [`${prefix}_KEY`]: key, [`${prefix}_SECRET`]: secret, [`${prefix}_OTP_SETUP_KEY`]: setupKey } = variables;
    if (typeof key !== "string" || typeof secret !== "string")
      throw new InvalidRequestError(`The object's environment has no ${prefix}_KEY or no ${prefix}_SECRET.`);
    return { key, secret, ...(setupKey ? { otp: new Totp(setupKey as string) } : {}) };
  };
}

/** Asks for options, and leaves out what their maker's own errors say: those of `JSON.parse` quote what may be the secret. */
export async function ask(optionsOf: KeyOptionsOf, name: string | undefined): Promise<KeyOptions> {
  if (!name) throw new InvalidRequestError("The object of a key has a name: getByName, or idFromName.");
  try {
    return await optionsOf(name);
  } catch (error) {
    if (error instanceof KrakenError) throw error;
    throw new InvalidRequestError("The options of this key could not be made. The error is not quoted: it may hold the secret.");
  }
}
