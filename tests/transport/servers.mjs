// Servers on loopback that fail in every way a connection can fail, and count what was delivered to them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createSecureServer as createHttp2Server } from "node:http2";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createSecureServer } from "node:tls";

/** A fatal TLS alert: handshake_failure. */
const ALERT = Buffer.from([0x15, 3, 1, 0, 2, 2, 40]);
const OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n" + '{"error":[],"result":1}';

/** Certificates: of an authority that clients are told to trust, and of others. */
export function certificates() {
  const folder = mkdtempSync(join(tmpdir(), "kraken-signer-tls-"));
  const path = (name) => join(folder, name);
  const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  for (const name of ["trusted", "unknown"]) {
    const basic = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,digitalSignature"];
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-days",
      "30",
      "-subj",
      `/CN=${name} authority`,
      ...basic,
    );
  }
  const leaf = (name, authority, altName, dates = ["-days", "30"]) => {
    openssl("req", "-new", ...newKey, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    writeFileSync(path(`${name}.ext`), `subjectAltName=${altName}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`);
    const signed = ["-CA", `${authority}.pem`, "-CAkey", `${authority}.key`, "-CAcreateserial", "-extfile", `${name}.ext`];
    openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signed, ...dates);
  };
  leaf("good", "trusted", "IP:127.0.0.1");
  leaf("kraken", "trusted", "DNS:api.kraken.com");
  leaf("wrong-name", "trusted", "DNS:elsewhere.example");
  leaf("unknown-issuer", "unknown", "IP:127.0.0.1");
  // Not valid for a day before it was made: the end lies before the beginning, and before now.
  leaf("expired", "trusted", "IP:127.0.0.1", ["-days", "-1"]);
  const alone = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"];
  openssl("req", "-x509", ...newKey, "-keyout", "self-signed.key", "-out", "self-signed.pem", "-days", "30", "-subj", "/CN=self", ...alone);
  return {
    trusted: path("trusted.pem"),
    of: (name) => ({ key: readFileSync(path(`${name}.key`)), cert: readFileSync(path(`${name}.pem`)) }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Takes requests off a connection, whole, and hands each to `answer`. */
function read(socket, deliveries, answer) {
  let pending = "";
  let nth = 0;
  socket.on("error", () => {});
  socket.on("data", (data) => {
    pending += data.toString("latin1");
    for (let request; (request = cut(pending));) {
      pending = pending.slice(request.length);
      const id = /^x-id: (\S+)/im.exec(request.text)?.[1] ?? "";
      deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
      answer({ socket, id, text: request.text, nth: ++nth, count: deliveries.get(id) });
    }
  });
}

/** The first whole request in a text: of a length that it tells, or in chunks. */
function cut(text) {
  const end = text.indexOf("\r\n\r\n") + 4;
  if (end < 4) return undefined;
  const head = text.slice(0, end);
  let length = end + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  if (/^transfer-encoding: *chunked/im.test(head)) {
    const last = text.indexOf("0\r\n\r\n", end);
    if (last < 0) return undefined;
    length = last + 5;
  }
  return text.length < length ? undefined : { text: text.slice(0, length), length };
}

/** Opens a port of loopback. `tls` is a key and a certificate; `raw` gets each connection before anything is read from it. */
export async function listen({ answer, tls, raw }, port = 0) {
  const deliveries = new Map();
  const sockets = new Set();
  const take = raw ?? ((socket) => read(socket, deliveries, (request) => answer({ ...request, stop })));
  const server = tls ? createSecureServer(tls, take) : createServer(take);
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      for (const socket of sockets) socket.destroy();
    });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return { url: `http${tls ? "s" : ""}://127.0.0.1:${server.address().port}/`, port: server.address().port, deliveries, sockets, stop };
}

/**
 * Opens a port that speaks HTTP/2. Behind it, each connection is passed on by a plain one, `raw`, so that it can be cut or spoiled beneath TLS.
 */
export async function listenHttp2({ answer, tls }) {
  const deliveries = new Map();
  const raws = [];
  const behind = createHttp2Server(tls);
  const sessions = new Set();
  behind.on("error", () => {}).on("sessionError", () => {});
  behind.on("session", (session) => sessions.add(session.on("error", () => {})));
  behind.on("stream", (stream, headers) => {
    stream.on("error", () => {}).resume();
    stream.once("end", () => {
      const id = headers["x-id"] ?? "";
      deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
      answer({ stream, session: stream.session, raw: raws.at(-1), id });
    });
  });
  await new Promise((resolve) => behind.listen(0, "127.0.0.1", resolve));
  const front = await listen({
    raw: (socket) => {
      raws.push(socket);
      const inner = connect(behind.address().port, "127.0.0.1").on("error", () => {});
      socket.pipe(inner).pipe(socket);
      inner.once("close", () => socket.destroy());
      socket.once("close", () => inner.destroy());
    },
  });
  const stop = async () => {
    for (const session of sessions) session.destroy();
    behind.close();
    await front.stop();
  };
  return { url: front.url.replace("http:", "https:"), deliveries, stop };
}

/** A port that is closed, and that no server which asks for any port will get: Linux gives those below 61,000. */
export async function closedPort() {
  for (let port = 61_000 + Math.floor(Math.random() * 4000); ; port++) {
    const server = await listen({ raw: () => {} }, port).catch(() => undefined);
    if (!server) continue;
    await server.stop();
    return port;
  }
}

const underneath = (socket) => socket._parent ?? socket;
const reset = (socket) => underneath(socket).resetAndDestroy();

/** What happens to a request that was delivered, and executed. */
export const AFTER = {
  "reset on a new connection": ({ socket }) => reset(socket),
  "end on a new connection": ({ socket }) => socket.end(),
  "reset on a connection that was used before": ({ socket, nth }) => (nth === 1 ? socket.write(OK) : reset(socket)),
  "end on a connection that was used before": ({ socket, nth }) => (nth === 1 ? socket.write(OK) : socket.end()),
  "reset within the head of the answer": ({ socket }) => socket.write("HTTP/1.1 200 OK\r\nContent-", () => setTimeout(reset, 10, socket)),
  "reset within the body of the answer": ({ socket }) => socket.write(OK.replace("23", "230"), () => setTimeout(reset, 10, socket)),
  "an answer that is no HTTP": ({ socket }) => socket.end("\x00\x01\x02garbage\r\n\r\n"),
  "reset, and nobody listens any more": ({ socket, stop }) => {
    reset(socket);
    void stop();
  },
  "reset on a used connection, and nobody listens any more": ({ socket, nth, stop }) => {
    if (nth === 1) return socket.write(OK);
    reset(socket);
    return void stop();
  },
};

/** The same, over HTTP/2. */
const AFTER_HTTP2 = {
  "HTTP/2: reset": ({ raw }) => raw.resetAndDestroy(),
  "HTTP/2: end": ({ raw }) => raw.end(),
  "HTTP/2: plain bytes within TLS": ({ raw }) => raw.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
  "HTTP/2: an alert after the request": ({ raw }) => raw.write(ALERT),
  "HTTP/2: the stream is reset": ({ stream }) => stream.close(2),
  "HTTP/2: goodbye": ({ session }) => {
    session.goaway(0);
    setTimeout(() => session.destroy(), 10);
  },
};

/**
 * Every situation: a URL, what was delivered there, and whether the request may have been delivered (`sent`). A situation with `twice` needs a
 * request that goes well before.
 */
export async function situations(certificates) {
  const open = [];
  const at = async (options) => {
    const server = await listen(options);
    open.push(server);
    return server;
  };
  const closed = await closedPort();
  const certain = async (name, options, path = "") => {
    const { url, deliveries } = await at(options);
    return { name, url: (options.as ?? url) + path, deliveries, sent: false };
  };
  const never = (name, url) => ({ name, url, deliveries: new Map(), sent: false });
  const secure = (certificate) => ({ tls: certificates.of(certificate), answer: ({ socket }) => socket.write(OK) });
  const https = ({ port }) => `https://127.0.0.1:${port}/`;
  const cutOff = async (name, raw) => {
    const server = await at({ raw: (socket) => socket.on("error", () => {}).once("data", () => raw(socket)) });
    return never(name, https(server));
  };
  // As web servers do with what is no HTTP.
  const plain = await at({ raw: (socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")) });
  const all = [
    never("nobody listens", `http://127.0.0.1:${closed}/`),
    never("nobody listens at any address of a name", `http://localhost:${closed}/`),
    never("nobody listens, https", `https://127.0.0.1:${closed}/`),
    never("a name that does not exist", "http://does-not-exist.invalid/"),
    never("an address that cannot be reached", "http://255.255.255.255:8080/"),
    await certain("a self-signed certificate", secure("self-signed")),
    await certain("a certificate of an unknown authority", secure("unknown-issuer")),
    await certain("a certificate that has expired", secure("expired")),
    await certain("a certificate for another name", secure("wrong-name")),
    { ...never("plain HTTP where TLS is due", https(plain)), deliveries: plain.deliveries },
    await cutOff("the end of the connection instead of a handshake", (socket) => socket.end()),
    await cutOff("a reset instead of a handshake", reset),
    await cutOff("an alert instead of a handshake", (socket) => socket.end(ALERT)),
  ];
  for (const [name, answer] of Object.entries(AFTER)) {
    for (const tls of [undefined, certificates.of("good")]) {
      const { url, deliveries } = await at({ answer, tls });
      all.push({ name: `${name}${tls ? ", TLS" : ""}`, url, deliveries, sent: true, twice: /used/.test(name) });
    }
  }
  const secureOnly = {
    "plain bytes within TLS": ({ socket }) => underneath(socket).end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    "an alert after the request": ({ socket }) => underneath(socket).end(ALERT),
  };
  for (const [name, answer] of Object.entries(secureOnly)) {
    for (const maxVersion of ["TLSv1.3", "TLSv1.2"]) {
      const { url, deliveries } = await at({ answer, tls: { ...certificates.of("good"), maxVersion } });
      all.push({ name: `${name}, ${maxVersion}`, url, deliveries, sent: true });
    }
  }
  for (const [name, answer] of Object.entries(AFTER_HTTP2)) {
    const server = await listenHttp2({ answer, tls: certificates.of("good") });
    open.push(server);
    all.push({ name, url: server.url, deliveries: server.deliveries, sent: true });
  }
  all.push(await restarted("reset, and then a self-signed certificate", certificates, open));
  const demanding = await at({
    tls: { ...certificates.of("good"), requestCert: true, rejectUnauthorized: true },
    answer: AFTER["reset on a new connection"],
  });
  all.push({ name: "a certificate of the client's is wanted", url: demanding.url, deliveries: demanding.deliveries, sent: true });
  return { all, stop: () => Promise.all(open.map((server) => server.stop())) };
}

/** The request is executed, and the connection reset; whoever comes again meets a certificate that he does not trust. */
async function restarted(name, certificates, open) {
  let first;
  const answer = async ({ socket, stop }) => {
    const { port } = first;
    reset(socket);
    await stop();
    open.push(await listen({ tls: certificates.of("self-signed"), answer: () => {} }, port));
  };
  first = await listen({ answer, tls: certificates.of("good") });
  open.push(first);
  return { name, url: first.url, deliveries: first.deliveries, sent: true };
}

/** A proxy that refuses CONNECT with a status, and whatever else it is asked for. */
export const refusingProxy = (status) =>
  listen({ answer: ({ socket }) => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`) });
