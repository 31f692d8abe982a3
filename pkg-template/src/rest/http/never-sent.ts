import { sanitized } from "./sanitized-error.js";
import type { Evidence } from "./sent-once.js";

/** The failure of a request that got no complete answer. */
export interface Failure {
  /** Whether it is certain that no byte of the request left this machine, so that nothing can have been carried out. */
  readonly neverSent: boolean;
  /** The runtime's code for the failure, such as `ECONNREFUSED`, if it has one. */
  readonly reason: string | undefined;
  /** A sanitized copy of what was thrown. */
  readonly cause: Error;
}

/** The circumstances of an exception. */
export interface Circumstances {
  /** Whether `fetch` threw before it returned a promise. */
  readonly synchronously: boolean;
  /** The evidence that counts, given the runtime and the request. */
  readonly evidence: Evidence;
  /** Texts of the request that must not be repeated: credentials and the body. */
  readonly secrets: readonly string[];
  /** The URL of the request, if the `fetch` is the caller's own function, which may have failed at something else. */
  readonly url?: string | undefined;
}

/**
 * Decides what an exception of `fetch` proves about the request. Only failures that occur before the first byte of a request are certain: those of the
 * name lookup, the connection, the certificate, and the tunnel of a proxy. The underlying observations are in tests/transport/observed.json.
 */
export function diagnose(thrown: unknown, { synchronously, evidence, secrets, url }: Circumstances): Failure {
  const facts = factsOf(thrown);
  const isProven = (evidence === "codes" && provenByCodes(facts)) || (evidence === "connect-phase" && provenByPhase(facts));
  return {
    neverSent: synchronously || (isProven && !(url !== undefined && isElsewhere(facts, new URL(url)))),
    ...sanitized(thrown, secrets),
  };
}

/** The properties of an error and its causes. */
interface Facts {
  readonly code: string;
  readonly syscall: string;
  readonly message: string;
  /** The URL that Bun names; in Node, the file of a local socket. */
  readonly path: string;
  /** The host and the port of the failed connection; empty if they are not known. */
  readonly host: string;
  readonly port: string;
  readonly cause: Facts | undefined;
  readonly errors: readonly Facts[];
}

/** Reads an error of any origin, to a depth that no runtime exceeds. */
function factsOf(thrown: unknown, depth = 0): Facts {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  try {
    const { code, syscall, erroredSysCall, message, path, hostname, host, port, cause, errors } = Object(thrown) as Record<string, unknown>;
    return {
      code: text(code),
      syscall: text(syscall) || text(erroredSysCall) || SYSCALL.exec(text(message))?.[1] || "",
      message: text(message),
      path: text(path),
      host: text(hostname) || text(host),
      port: `${(port as number | undefined) ?? PORT.exec(text(message))?.[1] ?? ""}`,
      cause: cause && depth < 4 ? factsOf(cause, depth + 1) : undefined,
      errors: Array.isArray(errors) && depth < 4 ? errors.map((one) => factsOf(one, depth + 1)) : [],
    };
  } catch {
    return { code: "", syscall: "", message: "", path: "", host: "", port: "", cause: undefined, errors: [] };
  }
}

/** Node's message about a failed system call. node-fetch 2 keeps only this message. */
const SYSCALL = /(?:^|reason: )(connect|getaddrinfo) E[A-Z_]+ /;

/** The port in such a message, or the path of a local socket; also in undici's message about a connection that took too long. */
const PORT = /\b(?:connect E[A-Z_]+|attempted address\w*:) (?:\S*:)?([^\s,]+)/;

/** Failures of a name lookup. */
const LOOKUP = /^(ENOTFOUND|EAI_\w+)$/;

/** Codes of OpenSSL and BoringSSL for a certificate that was not accepted. It is checked in the handshake, before a request is sent. */
const CERTIFICATE =
  /^(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_\w+|ERR_TLS_CERT_\w+|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))$/;

/** Messages that occur only while a connection is made. */
const CONNECTING = [
  /^Client network socket disconnected before secure TLS connection was established$/,
  // A proxy refused CONNECT: the messages of undici and of Bun.
  /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/,
  /^Proxy refused to open a tunnel\b/,
  // At this place, OpenSSL reads the first record of a connection. Other TLS errors, including `wrong version number` elsewhere, can also occur after
  // the request was sent.
  /:tls_validate_record_header:wrong version number:\S*tlsany_meth\.c:/,
];

/** Whether the codes of Node, Bun and undici prove it. The outermost error with a code decides. If there were several attempts, all must prove it. */
function provenByCodes({ code, syscall, message, cause, errors }: Facts): boolean {
  const last = message.replace(/^request to \S+ failed, reason: /, "").trim();
  if (errors.length) return errors.every(provenByCodes);
  if (CONNECTING.some((pattern) => pattern.test(last))) return true;
  if (!code) return !!cause && provenByCodes(cause);
  if (syscall === "connect" || syscall.startsWith("getaddrinfo") || LOOKUP.test(code)) return true;
  // Bun names no system call. An established connection is never refused.
  return (/^(ECONNREFUSED|ConnectionRefused)$/.test(code) && !syscall) || code === "UND_ERR_CONNECT_TIMEOUT" || CERTIFICATE.test(code);
}

/** Whether Deno's `fetch` failed while it was connecting. Deno has no codes; name lookup, connection, TLS and tunnel are one phase. */
const provenByPhase = ({ message, cause }: Facts): boolean =>
  /^error sending request for url \(\S*\): client error \(Connect\)/.test(message) || (!!cause && provenByPhase(cause));

/** Messages with the URL of the request: of Deno, and of node-fetch; and what Bun gives as the path. */
const URL_OF_REQUEST = /^(?:error sending request for url \(|request to )(\S*?)\)?(?:: | failed\b)|^(https?:\/\/\S*)$/;

/**
 * Whether it was another connection that failed: that of a log or a database, to which a function around `fetch` writes what it sends. Errors name the URL,
 * or the host or the port, or the file of a local socket. The connection to a proxy looks the same, and then proves nothing, either.
 */
function isElsewhere({ message, path, host, port, cause, errors }: Facts, url: URL): boolean {
  const [, inMessage, named = inMessage] = URL_OF_REQUEST.exec(path) ?? URL_OF_REQUEST.exec(message) ?? [];
  // If it is the URL of the request, another port is that of a proxy.
  if (named !== undefined) return !named.startsWith(`${url.origin}/`);
  const own = url.port || (url.protocol === "https:" ? "443" : "80");
  if ((host && host !== url.hostname) || (port && port !== own)) return true;
  return (cause !== undefined && isElsewhere(cause, url)) || errors.some((one) => isElsewhere(one, url));
}
