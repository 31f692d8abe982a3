// Redis, by either client library.
import { Redis } from "ioredis";
import { createClient } from "redis";

export const libraries = ["redis", "ioredis"];

/** Opens a client, which does not have to find a server. */
export function openRedis(library, port) {
  const client =
    library === "redis" ? createClient({ socket: { host: "127.0.0.1", port, reconnectStrategy: 100 } }) : new Redis(port, "127.0.0.1");
  // Who does not listen to these ends with the first one.
  client.on("error", () => {});
  if (library === "redis") client.connect().catch(() => {});
  return client;
}

/** Closes it, with or without a server. */
export const closeRedis = (client) => ("evalSha" in client ? client.destroy() : client.disconnect());

/** Any command. */
export const command = (client, ...words) => ("evalSha" in client ? client.sendCommand(words) : client.call(...words));
