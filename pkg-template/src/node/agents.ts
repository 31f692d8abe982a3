// Node's own agents, which keep connections and TLS sessions, and tunnels through a proxy.
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, type RequestOptions, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { KrakenError } from "../errors.js";
import { type ProxyOf, loginOf } from "./proxy.js";

interface Settings {
  readonly idleTimeout?: number | undefined;
  readonly ca?: string | readonly string[] | undefined;
  readonly proxyOf: ProxyOf;
}

/** Passes a connection on, or the error because of which there is none. */
type Connected = (error: Error | null, socket: Duplex) => void;

/** The agents of one `fetch`: one for each proxy, one without a proxy, and one for plain HTTP. */
export class Agents {
  readonly #proxyOf: ProxyOf;
  readonly #options: AgentOptions;
  readonly #idleTimeout: number | undefined;
  readonly #plain: HttpAgent;
  /** The agents by the URL of their proxy; an empty string for none. */
  readonly #secure = new Map<string, HttpsAgent>();
  #isClosed = false;

  constructor({ idleTimeout, ca, proxyOf }: Settings) {
    this.#proxyOf = proxyOf;
    this.#idleTimeout = idleTimeout;
    this.#options = {
      keepAlive: true,
      ...(idleTimeout !== undefined && { timeout: idleTimeout }),
      ...(ca !== undefined && { ca: [ca].flat() }),
    };
    this.#plain = heeding(new HttpAgent(this.#options), idleTimeout);
  }

  /** Returns the agent for a URL. */
  for(url: URL): HttpAgent {
    if (this.#isClosed) throw new KrakenError("ERR_FREED", "This fetch is closed. Nothing was sent.");
    return this.#agentOf(url);
  }

  /**
   * Returns a promise to wait for if the next request of an agent could get a connection that the server has closed without this process knowing it yet,
   * because the process was frozen or busy. Call it just before the request, since a request between the two may take the connection that it saw.
   */
  newsOfIdle(agent: HttpAgent): Promise<void> | undefined {
    return mayBeClosed(agent, this.#idleTimeout) ? lookedAt(agent, this.#idleTimeout) : undefined;
  }

  /** Plain HTTP is for this machine only, and does not use a proxy. */
  #agentOf(url: URL): HttpAgent {
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
      // A connection in use is closed after its answer.
      (agent as { keepAlive?: boolean }).keepAlive = false;
      for (const socket of freeSockets(agent)) socket.destroy();
    }
  }
}

/** The milliseconds for which a server keeps an idle connection, as it said itself. */
const lifetimes = new WeakMap<Duplex, number>();

/** An idle connection is closed this many milliseconds before the server would close it, because a request at that moment would be lost. */
const MARGIN = 1000;

/** The time since which a connection is idle, in milliseconds since 1970. The monotonic clock of some machines stands still while they are frozen. */
const idleSince = new WeakMap<Duplex, number>();

/** Returns the milliseconds for which a connection has been idle. */
const idleTime = (socket: Duplex): number => Date.now() - (idleSince.get(socket) ?? Infinity);

/** Returns the milliseconds for which a connection may be idle. */
const limitOf = (socket: Duplex, idleTimeout = Infinity): number => Math.min(lifetimes.get(socket) ?? Infinity, idleTimeout);

const freeSockets = (agent: HttpAgent): Socket[] => Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);

/** A connection that was idle for longer than this many milliseconds may have been closed without this process knowing it yet. */
const SHORT = 1000;

/**
 * Whether a connection that the next request may take has been idle for long. An agent takes the connection of a host that was used last, which is at the
 * end of its list, so the others need no look: with hundreds of keys, there are hundreds of them.
 */
const mayBeClosed = ({ freeSockets: idle }: HttpAgent, idleTimeout?: number): boolean =>
  Object.values(idle).some((sockets) => {
    const next = sockets?.at(-1);
    return next !== undefined && idleTime(next) > Math.min(SHORT, limitOf(next, idleTimeout));
  });

/** Closes the connections that were idle for too long, and waits until the process has seen what happened to the others. */
async function lookedAt(agent: HttpAgent, idleTimeout?: number): Promise<void> {
  // Their timers have not run while the process was frozen.
  for (const socket of freeSockets(agent)) if (idleTime(socket) > limitOf(socket, idleTimeout)) socket.destroy();
  // Between two rounds of the event loop it has polled all connections, whichever phase this is.
  for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** Remembers for how long a server keeps the connection of an answer: `Keep-Alive: timeout=5`, in seconds. */
export function noteLifetime({ headers, socket }: IncomingMessage): void {
  const [, seconds] = /(?:^|,)\s*timeout=(\d{1,6})\b/i.exec(`${headers["keep-alive"] ?? ""}`) ?? [];
  if (seconds !== undefined) lifetimes.set(socket, Number(seconds) * 1000 - MARGIN);
}

/** Makes an agent close its connections before the server does. Node itself does that only below its own timeout. */
function heeding<A extends HttpAgent>(agent: A, idleTimeout = Infinity): A {
  const keep = agent.keepSocketAlive.bind(agent) as (socket: Socket) => boolean;
  agent.keepSocketAlive = (socket: Socket): boolean => {
    const lifetime = lifetimes.get(socket);
    idleSince.set(socket, Date.now());
    if (lifetime === undefined) return keep(socket);
    if (lifetime <= 0 || !keep(socket)) return false;
    socket.setTimeout(Math.min(lifetime, idleTimeout));
    return true;
  };
  return agent;
}

/** The options of a request. Node passes those that it does not know on to the agent, but not `signal`. */
export interface TunnelOptions extends RequestOptions {
  /** Ends the wait for a tunnel. */
  readonly until?: AbortSignal | undefined;
}

/** An agent that connects to its hosts through tunnels of a proxy. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: RequestOptions, connected: Connected = () => {}): null {
    // The types require a connection even with an error.
    const failed = connected as (error: Error) => void;
    // TLS runs within the tunnel, with the sessions that the agent keeps.
    const secure = (socket: Duplex): void => connected(null, super.createConnection({ ...options, socket } as RequestOptions)!);
    openTunnel(this.#proxy, options as TunnelOptions).then(secure, failed);
    return null;
  }
}

/**
 * Opens a tunnel through a proxy (CONNECT). No byte of a request is sent before it is open.
 *
 * @throws Node's error if the proxy cannot be reached, or an error with the status if the proxy refuses
 */
async function openTunnel(proxy: URL, { host, port, ca, until }: TunnelOptions): Promise<Duplex> {
  const { protocol, hostname, port: own } = proxy;
  const target = `${`${host}`.includes(":") ? `[${host}]` : host}:${port}`;
  const login = loginOf(proxy);
  const isSecure = protocol === "https:";
  return new Promise((resolve, reject) => {
    const asking = (isSecure ? httpsRequest : httpRequest)({
      method: "CONNECT",
      host: hostname.replace(/^\[|\]$/g, ""),
      port: own || (isSecure ? 443 : 80),
      path: target,
      headers: { Host: target, ...(login && { "Proxy-Authorization": `Basic ${Buffer.from(login).toString("base64")}` }) },
      agent: false,
      ...(isSecure && ca !== undefined && { ca }),
    });
    // A proxy that does not answer would keep the connection, and the process alive.
    const stop = (): void => void asking.destroy();
    until?.addEventListener("abort", stop);
    const settled = (): void => until?.removeEventListener("abort", stop);
    asking.once("error", (error) => {
      settled();
      reject(error);
    });
    asking.once("connect", ({ statusCode }: IncomingMessage, socket: Duplex) => {
      settled();
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`Proxy response (${statusCode}) !== 200 when HTTP Tunneling`));
    });
    asking.end();
  });
}
