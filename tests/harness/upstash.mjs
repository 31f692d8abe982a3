// Upstash's REST protocol before a redis-server, for the client that speaks it: https://upstash.com/docs/redis/features/restapi
import { createServer } from "node:http";
import { Redis } from "ioredis";

const TOKEN = "a-token-of-upstash";

/** Encodes texts as the client asks for it; numbers and null stay what they are. */
function encoded(value, encoding) {
  if (Array.isArray(value)) return value.map((one) => encoded(one, encoding));
  return typeof value === "string" && encoding === "base64" ? Buffer.from(value).toString("base64") : value;
}

/** Starts a server that passes commands on to the Redis at this port. `commands` has the names of all that came. */
export async function startUpstash(t, port) {
  const redis = new Redis(port, "127.0.0.1");
  redis.on("error", () => {});
  const commands = [];
  const run = async ([name, ...args], encoding) => {
    commands.push(name.toLowerCase());
    return redis.call(name, ...args.map(String)).then(
      (result) => ({ result: encoded(result, encoding) }),
      ({ message }) => ({ error: message }),
    );
  };
  const answer = async (request) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return [401, { error: "WRONGPASS invalid or missing auth token" }];
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks));
    const encoding = request.headers["upstash-encoding"];
    if (request.url === "/pipeline") return [200, await Promise.all(body.map((one) => run(one, encoding)))];
    const result = await run(body, encoding);
    return ["error" in result ? 400 : 200, result];
  };
  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    redis.disconnect();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, token: TOKEN, commands };
}
