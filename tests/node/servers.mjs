// Servers on loopback that count connections: an exchange behind TLS, and a proxy that opens tunnels.
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";

/** Listens, and tells what came in. `answer` is a request listener of node:http. */
export async function serve(answer, { tls, keepAliveTimeout = 0, ...more } = {}) {
  const server = tls ? createHttpsServer({ ...tls, ...more }, answer) : createHttpServer(more, answer);
  const seen = { connections: 0, resumed: 0, sockets: new Set() };
  server.keepAliveTimeout = keepAliveTimeout;
  server.on(tls ? "secureConnection" : "connection", (socket) => {
    seen.connections++;
    if (tls && socket.isSessionReused()) seen.resumed++;
    seen.sockets.add(socket);
    socket.on("error", () => {}).on("close", () => seen.sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return {
    server,
    seen,
    port,
    url: `http${tls ? "s" : ""}://127.0.0.1:${port}`,
    hangUp: () => seen.sockets.forEach((socket) => socket.destroy()),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of seen.sockets) socket.destroy();
      }),
  };
}

/** Answers as Spot does. It takes the headers away that tell how long a connection lasts, as Kraken's answers have none. */
export const answerOf = (result) => (request, response) => {
  request.resume().on("end", () => {
    response.setHeader("Content-Type", "application/json");
    // Node's server would add `Keep-Alive: timeout=…`.
    response.setHeader("Connection", "keep-alive");
    const body = JSON.stringify({ error: [], result });
    // To HEAD, Node's server would not tell it, and hang up.
    response.setHeader("Content-Length", Buffer.byteLength(body));
    response.end(body);
  });
};

/** A proxy: opens a tunnel for who asks, if `allows` says so, and keeps what was asked for. All tunnels lead to `port`, if it is given. */
export async function proxy(allows = () => 200, port) {
  const asked = [];
  const served = await serve((_, response) => response.writeHead(405).end());
  served.server.on("connect", (request, socket, head) => {
    asked.push({ target: request.url, login: request.headers["proxy-authorization"] });
    const status = allows(request);
    socket.on("error", () => {});
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    const [, host, own] = /^(.*):(\d+)$/.exec(request.url);
    const onward = connect(port ?? Number(own), port ? "127.0.0.1" : host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    }).on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
  return { ...served, asked };
}
