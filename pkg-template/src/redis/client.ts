import { hashOf } from "../lane/hash.js";

/** A client of the package `redis` (node-redis, 4 or newer): a single client, a cluster, a sentinel or a pool. */
export interface NodeRedis {
  /** Runs a script that the server knows, by its SHA-1 in hexadecimal. */
  evalSha(
    sha1: string,
    options: {
      /** The names of the keys that the script uses. */
      keys: string[];
      /** The other arguments of the script. */
      arguments: string[];
    },
  ): Promise<unknown>;
  /** Runs a script by its source. */
  eval(
    script: string,
    options: {
      /** The names of the keys that the script uses. */
      keys: string[];
      /** The other arguments of the script. */
      arguments: string[];
    },
  ): Promise<unknown>;
}

/** A client of the package `ioredis` (5 or newer): a single client or a cluster. */
export interface IoRedis {
  /** Runs a script that the server knows, by its SHA-1 in hexadecimal. */
  evalsha(sha1: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Runs a script by its source. */
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** A connected client. The lane does not open, configure or close it. */
export type RedisClient = NodeRedis | IoRedis;

/** Whether a value is one of the two clients. */
export const isClient = (value: unknown): value is RedisClient =>
  !!value && typeof value === "object" && ("evalSha" in value || "evalsha" in value);

/** A Lua script. Redis caches it by its SHA-1; after a restart of Redis, the script is sent once more. */
export class Script {
  readonly #source: string;
  #sha1: Promise<string> | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  async run(client: RedisClient, keys: string[], args: string[]): Promise<unknown> {
    const sha1 = await (this.#sha1 ??= hashOf("SHA-1", this.#source));
    const [byHash, whole] =
      "evalSha" in client
        ? [() => client.evalSha(sha1, { keys, arguments: args }), () => client.eval(this.#source, { keys, arguments: args })]
        : [() => client.evalsha(sha1, keys.length, ...keys, ...args), () => client.eval(this.#source, keys.length, ...keys, ...args)];
    try {
      return await byHash();
    } catch (error) {
      if (!/^NOSCRIPT/.test((error as Error | undefined)?.message ?? "")) throw error;
      return whole();
    }
  }
}
