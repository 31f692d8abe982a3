import { hashOf } from "../lane/hash.js";

/** A client of `redis` (node-redis, 4 or newer): a single one, a cluster, a sentinel or a pool. */
export interface NodeRedis {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A client of `ioredis` (5 or newer): a single one or a cluster. */
export interface IoRedis {
  evalsha(sha1: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** A connected client, which stays its owner's: nothing here opens, configures or closes it. */
export type RedisClient = NodeRedis | IoRedis;

/** Whether it is one of the two. */
export const isClient = (value: unknown): value is RedisClient =>
  !!value && typeof value === "object" && ("evalSha" in value || "evalsha" in value);

/** A Lua script. Redis remembers it by its SHA-1 until it is restarted, and then is given it once more. */
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
