import type { Credential } from "../rest/credentials.js";
import type { ClientSettings, FuturesClientOptions, SpotClientOptions } from "../rest/options.js";
import { described, isRecord } from "../checks.js";
import { InvalidRequestError, KrakenError, need } from "../errors.js";
import { matches } from "../rest/guards.js";
import type { NonceSourceOptions } from "../signing/nonce.js";
import { Totp } from "../signing/totp.js";

/** Options of an object's client: those of a client with one key. The lane is that of the object. */
export type KeyOptions = ClientSettings &
  Pick<SpotClientOptions, "rateLimit"> &
  Pick<Credential, "key" | "secret" | "otp"> & {
    /** Options of the nonces, as for a `NonceSource`; by default, milliseconds from the clock. */
    readonly nonce?: Omit<NonceSourceOptions, "store"> | undefined;
  };

/** Returns the options of the object with a name. It is called after each start of the object. */
export type KeyOptionsOf<Options = KeyOptions> = (name: string) => Options | Promise<Options>;

/** Options of the client of a Futures key, which has no `rateLimit`. */
export type FuturesKeyOptions = KeyOptions & Pick<FuturesClientOptions, "rateLimit">;

/** A binding of Cloudflare's Secrets Store. */
interface StoredSecret {
  get(): Promise<string>;
}

const isStored = (value: unknown): value is StoredSecret => typeof (value as StoredSecret | undefined)?.get === "function";

/** Returns options from the environment: texts, or bindings of the Secrets Store. The names of the variables contain the name of the object. */
export function fromEnvironment(env: unknown): KeyOptionsOf<FuturesKeyOptions> {
  need(isRecord(env), `Expected the environment of the Worker, with the variables of the keys, got ${described(env)}. Pass \`env\`.`);
  const variables = env as Record<string, unknown>;
  return async (name) => {
    // Each object has only one spelling, because two objects with one key would race each other.
    if (!matches(/^[a-z][a-z0-9_]*$/, name))
      throw new InvalidRequestError(
        `Invalid name of the object: expected lower-case letters, digits and underscores, with a letter first, got ${JSON.stringify(`${name as string}`.slice(0, 40))}.`,
      );
    const prefix = `KRAKEN_${name.toUpperCase()}`;
    const read = async (half: "KEY" | "SECRET" | "OTP_SETUP_KEY"): Promise<string | undefined> => {
      const value = variables[`${prefix}_${half}`];
      return isStored(value) ? value.get() : (value as string | undefined);
    };
    const [key, secret, setupKey] = await Promise.all([read("KEY"), read("SECRET"), read("OTP_SETUP_KEY")]);
    for (const [half, value] of Object.entries({ KEY: key, SECRET: secret })) {
      if (typeof value !== "string")
        throw new InvalidRequestError(
          `The object "${name}" needs ${prefix}_${half}, but the Worker's environment has no such variable. Set it with: wrangler secret put ${prefix}_${half}.`,
        );
    }
    return { key: key!, secret: secret!, ...(setupKey ? { otp: new Totp(setupKey) } : {}) };
  };
}

/** Returns the class and the code of an error, if they are names that cannot be a secret. */
function nameOf(error: unknown): string {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  const names = [matches(/^[A-Z][A-Za-z]{0,30}(Error|Exception)$/, name) ? name : "", matches(/^[A-Z_]{3,40}$/, code) ? code : ""];
  return names.filter(Boolean).join(", ");
}

/** Asks for the options. Foreign errors are not passed on, because those of `JSON.parse`, for example, quote what may be the secret. */
export async function askForOptions(optionsOf: KeyOptionsOf, name: string | undefined): Promise<KeyOptions> {
  if (!name) throw new InvalidRequestError("This object has no name, so its key is not known. Use getByName or idFromName.");
  let options: unknown;
  try {
    options = await optionsOf(name);
  } catch (error) {
    if (error instanceof KrakenError) throw error;
    const named = nameOf(error);
    throw new InvalidRequestError(
      `The function that returns the options of this key threw an error${named && ` (${named})`}. Its message is not quoted here, because it may contain the secret. Nothing was sent.`,
    );
  }
  need(
    typeof options === "object" && options !== null,
    `The function that returns the options of this key returned no object: expected { key, secret }, got ${described(options)}.`,
  );
  return options as KeyOptions;
}
