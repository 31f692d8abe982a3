// Redis, by either client library.
export const libraries = ["redis", "ioredis"];

/** Opens a client, which does not have to find a server. */
export async function openRedis(library, port) {
  // One of them, since a process takes longer to load both than for its calls.
  const { createClient, Redis } = await import(library);
  const client = createClient
    ? createClient({ socket: { host: "127.0.0.1", port, reconnectStrategy: 100 } })
    : new Redis(port, "127.0.0.1");
  // Who does not listen to these ends with the first one.
  client.on("error", () => {});
  if (createClient) client.connect().catch(() => {});
  return client;
}

/** Closes it, with or without a server. */
export const closeRedis = (client) => ("evalSha" in client ? client.destroy() : client.disconnect());

/** Any command. */
export const command = (client, ...words) => ("evalSha" in client ? client.sendCommand(words) : client.call(...words));
