import type { Credential } from "../rest/credentials.js";
import type { ClientSettings } from "../rest/options.js";
import { InvalidRequestError, KrakenError } from "../errors.js";
import { matches } from "../rest/guards.js";
import type { NonceSourceOptions } from "../signing/nonce.js";
import { Totp } from "../signing/totp.js";

/** What an object's client is made of: the options of a client with one key, whose lane is the object's. */
export type KeyOptions = ClientSettings &
  Pick<Credential, "key" | "secret" | "otp"> & {
    /** The unit, and where nonces start: as for a `NonceSource`. By default milliseconds, from the clock. */
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
        `Invalid name of an object: expected lower-case letters, digits and underscores, with a letter first, got ${JSON.stringify(`${name as string}`.slice(0, 40))}.`,
      );
    const prefix = `KRAKEN_${name.toUpperCase()}`;
    const { [`${prefix}_KEY`]: key, [`${prefix}_SECRET`]: secret, [`${prefix}_OTP_SETUP_KEY`]: setupKey } = variables;
    for (const [half, value] of Object.entries({ KEY: key, SECRET: secret })) {
      if (typeof value !== "string")
        throw new InvalidRequestError(
          `The Worker's environment has no ${prefix}_${half}, which the object "${name}" needs. Set it with: wrangler secret put ${prefix}_${half}.`,
        );
    }
    return { key: key as string, secret: secret as string, ...(setupKey ? { otp: new Totp(setupKey as string) } : {}) };
  };
}

/** Asks for options, and leaves out what their maker's own errors say: those of `JSON.parse` quote what may be the secret. */
export async function askForOptions(optionsOf: KeyOptionsOf, name: string | undefined): Promise<KeyOptions> {
  if (!name) throw new InvalidRequestError("This object has no name, and its name says which key it has: use getByName or idFromName.");
  try {
    return await optionsOf(name);
  } catch (error) {
    if (error instanceof KrakenError) throw error;
    throw new InvalidRequestError("The options of this key could not be made. The error is not quoted: it may hold the secret.");
  }
}
