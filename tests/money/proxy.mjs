// A proxy on loopback that does to requests what bad proxies do: delivers them twice, loses them, loses their answers, holds them back.
import { Agent, createServer, request as send } from "node:http";

/** A small generator of random numbers, so that a run can be repeated (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Starts a proxy before `target`, an origin. `chances` are those of a request to be delivered `twice` (the second answer comes back), to be
 * lost with its connection (`lostBefore`), to be carried out and its answer lost (`lostAfter`), and to arrive `late`, after its connection was
 * cut.
 */
export async function startProxy(target, chances, seed = 1) {
  const random = randomOf(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const counts = { requests: 0, twice: 0, lostBefore: 0, lostAfter: 0, late: 0 };

  const deliver = (from, body) =>
    new Promise((resolve, reject) => {
      const { host: _host, connection: _connection, ...headers } = from.headers;
      const outgoing = send(`${target}${from.url}`, { method: from.method, headers, agent }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
        answer.on("error", reject);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  const happens = (name) => {
    const hit = random() < (chances[name] ?? 0);
    if (hit) counts[name] += 1;
    return hit;
  };

  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    counts.requests += 1;
    const [late, lostBefore, lostAfter, twice] = ["late", "lostBefore", "lostAfter", "twice"].map(happens);
    if (late) {
      incoming.socket.destroy();
      setTimeout(() => void deliver(incoming, body).catch(() => {}), 20 + random() * 300).unref();
      return;
    }
    if (lostBefore) return void incoming.socket.destroy();
    const answers = [];
    try {
      for (let copies = twice ? 2 : 1; copies > 0; copies--) answers.push(await deliver(incoming, body));
    } catch {
      // The server closed a connection that had been idle just as the request was sent.
      return void incoming.socket.destroy();
    }
    if (lostAfter) return void incoming.socket.destroy();
    const answer = answers.at(-1);
    const { "transfer-encoding": _encoding, connection: _connection, ...headers } = answer.headers;
    outgoing.writeHead(answer.status, { ...headers, "content-length": answer.body.length });
    outgoing.end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    counts,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
