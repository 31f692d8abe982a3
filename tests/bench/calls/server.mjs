// The other end of all calls and sockets, in a process of its own, so that its work is not counted. The process that starts it sends it
// `{ tls }`, gets the ports, and then sends `{ say }`, for messages to sockets.
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { once } from "node:events";
import { WebSocketServer } from "ws";
import { delaying } from "../../node/delaying.mjs";
import { BALANCE, OPEN_ORDERS, UNSIGNED, isSigned } from "./keys.mjs";
import { MESSAGES } from "./messages.mjs";

/** Milliseconds that every byte takes each way, where a network is imitated. */
export const ONE_WAY = 25;
const PORTS = { keepAliveTimeout: 600_000, requestTimeout: 0, noDelay: true };
/** As many messages are sent to a socket before the event loop goes on. */
const SLICE = 50;

const json = (value) => Buffer.from(JSON.stringify(value));
const result = (value) => json({ error: [], result: value });
const ORDER_ID = "OUF4EM-FRGI2-MQMWZD";
const ANSWERS = {
  "/0/private/Balance": result(BALANCE),
  "/0/private/OpenOrders": result(OPEN_ORDERS),
  "/0/private/AddOrder": result({ descr: { order: "buy 0.01000000 XBTUSD @ limit 30000.0" }, txid: [ORDER_ID] }),
  "/0/private/GetWebSocketsToken": result({ token: "token", expires: 900 }),
};
const WRONG = json({ error: ["EAPI:Invalid signature"] });

/** Answers after `ms`, if the signature is right. */
const answering = (ms) => (request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { "api-key": key, "api-sign": sign } = request.headers;
    const right = key === UNSIGNED || isSigned({ key, sign, path: request.url, body: Buffer.concat(chunks).toString() });
    const body = (right && ANSWERS[request.url]) || WRONG;
    const answer = () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length, connection: "keep-alive" });
      response.end(body);
    };
    if (ms) setTimeout(answer, ms);
    else answer();
  });
};

/** Puts sockets into a map by the name in their URL; subscriptions are confirmed, pings are answered, and orders are accepted. */
function sockets(server, open = new Map()) {
  new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket, { url }) => {
    open.set(url.slice(1), socket);
    const tell = (message) => socket.send(JSON.stringify(message));
    socket.on("message", (data) => {
      const { method, req_id, params } = JSON.parse(data);
      if (method === "ping") return tell({ method: "pong", req_id });
      if (method === "add_order") return tell({ method, req_id, success: true, result: { order_id: ORDER_ID } });
      for (const symbol of [params?.symbol ?? []].flat()) {
        tell({ method, req_id, success: true, result: { channel: params.channel, symbol, snapshot: true } });
        const first = MESSAGES[params.channel].first?.(symbol, params);
        if (first) socket.send(first);
      }
    });
  });
  return open;
}

/** Sends a socket the next `count` messages of a kind, a few at a time, as they come from Kraken. */
async function say(socket, { channel, from, count }) {
  const { next } = MESSAGES[channel];
  for (let index = from; index < from + count; index += 1) {
    socket.send(next(index));
    if (index % SLICE === SLICE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function listening(server) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server.address().port;
}

async function start({ tls }) {
  const [http, slow] = [createServer(PORTS, answering(0)), createServer(PORTS, answering(2 * ONE_WAY))];
  const https = createSecureServer({ ...PORTS, ...tls }, answering(0));
  const echo = createTcpServer((socket) => socket.on("error", () => {}).pipe(socket));
  const open = sockets(http);
  sockets(https, open);
  const ports = { http: await listening(http), slow: await listening(slow), https: await listening(https), echo: await listening(echo) };
  const far = async (port) => (await delaying(port, ONE_WAY)).address().port;
  process.send({ ...ports, far: await far(ports.https), farEcho: await far(ports.echo) });
  process.on("message", ({ say: order, usage }) => {
    if (usage) process.send({ usage: process.cpuUsage() });
    if (order) void say(open.get(order.socket), order);
  });
}

process.once("message", (order) => void start(order));
process.on("disconnect", () => process.exit());
