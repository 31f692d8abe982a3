import { hashOf } from "./hash.js";

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

/** A client of the package `@upstash/redis`, which reaches Redis over HTTP and needs no connection. */
export interface UpstashRedis {
  /** Runs a script that the server knows, by its SHA-1 in hexadecimal. */
  evalsha(sha1: string, keys: string[], args: string[]): Promise<unknown>;
  /** Runs a script by its source. */
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  /** Makes a script. The lane does not call it, and knows the package by it. */
  createScript: unknown;
}

/** A client of Redis. The lane does not open, configure or close it. */
export type RedisClient = NodeRedis | IoRedis | UpstashRedis;

/** Whether a value is one of these clients. */
export const isClient = (value: unknown): value is RedisClient =>
  !!value && typeof value === "object" && ("evalSha" in value || "evalsha" in value);

/** Returns two functions that run a script: one by its SHA-1, and one by its source. */
function runners(client: RedisClient, keys: string[], args: string[]): [(sha1: string) => unknown, (source: string) => unknown] {
  if ("evalSha" in client) {
    const options = { keys, arguments: args };
    return [(sha1) => client.evalSha(sha1, options), (source) => client.eval(source, options)];
  }
  if ("createScript" in client) return [(sha1) => client.evalsha(sha1, keys, args), (source) => client.eval(source, keys, args)];
  const rest = [...keys, ...args];
  return [(sha1) => client.evalsha(sha1, keys.length, ...rest), (source) => client.eval(source, keys.length, ...rest)];
}

/** A Lua script. Redis caches it by its SHA-1; after a restart of Redis, the script is sent once more. */
export class Script {
  readonly #source: string;
  /** The SHA-1, once it is known. It is no promise, because in Workers a request must not await the promise of another one. */
  #sha1: string | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  async run(client: RedisClient, keys: string[], args: string[]): Promise<unknown> {
    const sha1 = (this.#sha1 ??= await hashOf("SHA-1", this.#source));
    const [byHash, whole] = runners(client, keys, args);
    try {
      return await byHash(sha1);
    } catch (error) {
      if (!/\bNOSCRIPT\b/.test((error as Error | undefined)?.message ?? "")) throw error;
      return whole(this.#source);
    }
  }
}
