// Node's own agents, which keep connections and TLS sessions, and the way through a proxy.
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, type RequestOptions, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { KrakenError } from "../errors.js";
import type { ProxyOf } from "./proxy.js";

interface Settings {
  readonly idleTimeout?: number | undefined;
  readonly ca?: string | readonly string[] | undefined;
  readonly proxyOf: ProxyOf;
}

/** Hands over a connection, or says why there is none. */
type Connected = (error: Error | null, socket: Duplex) => void;

/** The agents of one `fetch`: one for each way to a host. */
export class Agents {
  readonly #proxyOf: ProxyOf;
  readonly #options: AgentOptions;
  readonly #plain: HttpAgent;
  /** By the proxy in between; empty for none. */
  readonly #secure = new Map<string, HttpsAgent>();
  #isClosed = false;

  constructor({ idleTimeout, ca, proxyOf }: Settings) {
    this.#proxyOf = proxyOf;
    this.#options = {
      keepAlive: true,
      ...(idleTimeout !== undefined && { timeout: idleTimeout }),
      ...(ca !== undefined && { ca: [ca].flat() }),
    };
    this.#plain = heeding(new HttpAgent(this.#options), idleTimeout);
  }

  /** The agent for a URL. What is not encrypted goes to this machine, and through no proxy. */
  for(url: URL): HttpAgent {
    if (this.#isClosed) throw new KrakenError("ERR_FREED", "This fetch is closed. Nothing was sent.");
    if (url.protocol === "http:") return this.#plain;
    const proxy = this.#proxyOf(url);
    const name = proxy?.href ?? "";
    const known = this.#secure.get(name);
    if (known) return known;
    const agent = heeding(proxy ? new TunnelAgent(proxy, this.#options) : new HttpsAgent(this.#options), this.#options.timeout);
    this.#secure.set(name, agent);
    return agent;
  }

  close(): void {
    this.#isClosed = true;
    for (const agent of [this.#plain, ...this.#secure.values()]) {
      // What is in use is closed when it would come back.
      (agent as { keepAlive?: boolean }).keepAlive = false;
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    }
  }
}

/** For how many milliseconds a connection may be silent, by its server's own word. */
const lifetimes = new WeakMap<Duplex, number>();

/** A request that goes out when the server closes is lost: the connection is given up so long before. */
const MARGIN = 1000;

/** Remembers how long a server says that it keeps the connection of an answer: `Keep-Alive: timeout=5`, in seconds. */
export function noteLifetime({ headers, socket }: IncomingMessage): void {
  const [, seconds] = /(?:^|,)\s*timeout=(\d{1,6})\b/i.exec(`${headers["keep-alive"] ?? ""}`) ?? [];
  if (seconds !== undefined) lifetimes.set(socket, Number(seconds) * 1000 - MARGIN);
}

/** Lets an agent keep no connection for longer than its server does. By itself, Node heeds that only below a timeout of its own. */
function heeding<A extends HttpAgent>(agent: A, idleTimeout = Infinity): A {
  const keep = agent.keepSocketAlive.bind(agent) as (socket: Socket) => boolean;
  agent.keepSocketAlive = (socket: Socket): boolean => {
    const lifetime = lifetimes.get(socket);
    if (lifetime === undefined) return keep(socket);
    if (lifetime <= 0 || !keep(socket)) return false;
    socket.setTimeout(Math.min(lifetime, idleTimeout));
    return true;
  };
  return agent;
}

/** Reaches its hosts through the tunnels of a proxy. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: RequestOptions, connected: Connected = () => {}): null {
    // The types want a connection even where there is none.
    const failed = connected as (error: Error) => void;
    // TLS within the tunnel, with the sessions that the agent keeps.
    const secure = (socket: Duplex): void => connected(null, super.createConnection({ ...options, socket } as RequestOptions)!);
    openTunnel(this.#proxy, options).then(secure, failed);
    return null;
  }
}

/**
 * Asks a proxy for a tunnel (CONNECT). Until it stands, no byte of a request is sent.
 *
 * @throws why the proxy cannot be reached, in Node's words; or that it refuses
 */
async function openTunnel(proxy: URL, { host, port, ca }: RequestOptions): Promise<Duplex> {
  const { protocol, hostname, port: own, username, password } = proxy;
  const target = `${`${host}`.includes(":") ? `[${host}]` : host}:${port}`;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  const isSecure = protocol === "https:";
  return new Promise((resolve, reject) => {
    const asking = (isSecure ? httpsRequest : httpRequest)({
      method: "CONNECT",
      host: hostname.replace(/^\[|\]$/g, ""),
      port: own || (isSecure ? 443 : 80),
      path: target,
      headers: { Host: target, ...(username && { "Proxy-Authorization": `Basic ${login}` }) },
      agent: false,
      ...(isSecure && ca !== undefined && { ca }),
    });
    asking.once("error", reject);
    asking.once("connect", ({ statusCode }: IncomingMessage, socket: Duplex) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`Proxy response (${statusCode}) !== 200 when HTTP Tunneling`));
    });
    asking.end();
  });
}
