import { sanitized } from "./sanitized-error.js";
import type { Evidence } from "./sent-once.js";

/** What is known of a request that got no answer. */
export interface Failure {
  /** Whether it is certain that no byte of the request left this machine, so that nothing can have been carried out. */
  readonly neverSent: boolean;
  /** The runtime's own code for it, such as `ECONNREFUSED`, where it gives one. */
  readonly reason: string | undefined;
  /** What was thrown: class name, code and message, without anything of the request. */
  readonly cause: Error;
}

/** Under which circumstances something was thrown. */
export interface Circumstances {
  /** Whether `fetch` threw before it returned a promise. */
  readonly synchronously: boolean;
  /** What may be believed of an error, given the runtime and the request. */
  readonly evidence: Evidence;
  /** Texts of the request that must not be repeated: credentials, and the body. */
  readonly secrets: readonly string[];
}

/**
 * Says what a `fetch` threw means for the request. Only a failure that comes before the first byte of a request is certain: of the name, of the
 * connection, of the certificate, of a proxy's tunnel. The observations behind it are in tests/transport/observed.json.
 */
export function diagnose(thrown: unknown, { synchronously, evidence, secrets }: Circumstances): Failure {
  const facts = factsOf(thrown);
  return {
    neverSent: synchronously || (evidence === "codes" && provenByCodes(facts)) || (evidence === "connect-phase" && provenByPhase(facts)),
    ...sanitized(thrown, secrets),
  };
}

/** What an error says of itself and of its causes. */
interface Facts {
  readonly code: string;
  readonly syscall: string;
  readonly message: string;
  readonly cause: Facts | undefined;
  readonly errors: readonly Facts[];
}

/** Reads an error, however it was made. Deeper than any runtime nests them is not looked. */
function factsOf(thrown: unknown, depth = 0): Facts {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  try {
    const { code, syscall, erroredSysCall, message, cause, errors } = Object(thrown) as Record<string, unknown>;
    return {
      code: text(code),
      syscall: text(syscall) || text(erroredSysCall) || SYSCALL.exec(text(message))?.[1] || "",
      message: text(message),
      cause: cause && depth < 4 ? factsOf(cause, depth + 1) : undefined,
      errors: Array.isArray(errors) && depth < 4 ? errors.map((one) => factsOf(one, depth + 1)) : [],
    };
  } catch {
    return { code: "", syscall: "", message: "", cause: undefined, errors: [] };
  }
}

/** How Node words a failed call of the system; node-fetch 2 keeps nothing else of it. */
const SYSCALL = /(?:^|reason: )(connect|getaddrinfo) E[A-Z_]+ /;

/** Names that could not be looked up. */
const LOOKUP = /^(ENOTFOUND|EAI_\w+)$/;

/** A certificate that was not accepted, in the words of OpenSSL and BoringSSL: it is checked within the handshake, before a request is written. */
const CERTIFICATE =
  /^(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_\w+|ERR_TLS_CERT_\w+|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))$/;

/** Messages that come only while a connection is made. */
const CONNECTING = [
  /^Client network socket disconnected before secure TLS connection was established$/,
  // A proxy's answer to CONNECT: undici's words, and Bun's.
  /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/,
  /^Proxy refused to open a tunnel\b/,
  // OpenSSL reads the first record of a connection there, before it knows the version. Other TLS errors, `wrong version number` among them, come
  // just the same from whoever spoils a connection after the request.
  /:tls_validate_record_header:wrong version number:\S*tlsany_meth\.c:/,
];

/** Whether the codes of Node, Bun and undici prove it. The outermost error with a code decides, and of several attempts every one must. */
function provenByCodes({ code, syscall, message, cause, errors }: Facts): boolean {
  const last = message.replace(/^request to \S+ failed, reason: /, "").trim();
  if (errors.length) return errors.every(provenByCodes);
  if (CONNECTING.some((pattern) => pattern.test(last))) return true;
  if (!code) return !!cause && provenByCodes(cause);
  if (syscall === "connect" || syscall.startsWith("getaddrinfo") || LOOKUP.test(code)) return true;
  // Bun names no system call. A connection that stands is never refused.
  return (/^(ECONNREFUSED|ConnectionRefused)$/.test(code) && !syscall) || code === "UND_ERR_CONNECT_TIMEOUT" || CERTIFICATE.test(code);
}

/** Whether Deno's `fetch` says that it was still connecting: name, connection, TLS and tunnel are one phase there, and have no codes. */
const provenByPhase = ({ message, cause }: Facts): boolean =>
  /^error sending request for url \(\S*\): client error \(Connect\)/.test(message) || (!!cause && provenByPhase(cause));
