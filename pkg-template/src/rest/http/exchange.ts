import { need } from "../../errors.js";
import { type Bytes, readBody } from "./body.js";
import type { Fetch, FetchAnswer, FetchOptions } from "./fetch.js";
import { type Failure, diagnose } from "./never-sent.js";
import { keepsToLength } from "./own-fetch.js";
import { answeredAt, retryAfter } from "./retry-after.js";
import { type Evidence, sentOnce } from "./sent-once.js";

/**
 * A signed request whose bytes are final. Except for `url`, its fields are the options of `fetch`.
 *
 * @example
 * ```ts
 * const { url, ...init } = client.signSync("Balance");
 * const response = await fetch(url, init);
 * ```
 */
export interface SignedRequest {
  /** The whole URL, with its query. */
  readonly url: string;
  /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. */
  readonly method: string;
  /** The headers, with the API key and the signature. The signature covers exactly these bytes of path and body. */
  readonly headers: Readonly<Record<string, string>>;
  /** A form or JSON, exactly as it was signed; `null` for none. */
  readonly body: string | null;
  /** Redirects are not followed, because `fetch` would forward the key, the signature and the body. (Workers throw on `"error"`.) */
  readonly redirect: "manual";
}

/** The kind of a request. */
export interface ExchangeOptions {
  /** Whether it changes something. Then it must not be sent twice. */
  readonly write: boolean;
  /** Whether a success is a file, which may have 64 MB in place of 16 MB. */
  readonly file?: boolean | undefined;
}

/** An answer that was read completely. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  /** The body, unless it is a file; `undefined` if it was too long, or the call ended before it was complete. */
  readonly text: string | undefined;
  /** The file that was asked for. */
  readonly bytes?: Bytes | undefined;
  /** Milliseconds to wait before the next request, if the answer says so. */
  readonly retryAfter: number | undefined;
  /** The time of the answer by the clock of the server, in milliseconds since 1970. */
  readonly answeredAt: number | undefined;
}

/** Thrown if there was no complete answer. The client makes an error of it that names the endpoint. */
export class NoAnswer {
  constructor(readonly failure: Failure) {}
}

/**
 * Sends a request once, and reads the whole answer.
 *
 * @throws NoAnswer if `send` failed, or the connection broke before the answer was complete
 */
export async function exchange(
  send: Fetch,
  request: SignedRequest,
  signal: AbortSignal,
  { write, file }: ExchangeOptions,
): Promise<Answer> {
  const { url, method, headers, redirect } = request;
  const { evidence, body, keepalive } = sentOnce(method, request.body, write);
  const fail = (thrown: unknown, evidence: Evidence, synchronously = false): NoAnswer =>
    new NoAnswer(diagnose(thrown, { evidence, synchronously, secrets: secretsOf(request), url: keepsToLength(send) ? undefined : url }));

  let sending: Promise<FetchAnswer>;
  try {
    need(send, "This runtime has no `fetch`: pass one as an option.");
    const options: Record<string, unknown> = { method, headers, redirect, signal };
    if (body !== null) options.body = body;
    if (keepalive === false) options.keepalive = false;
    sending = send(url, options as unknown as FetchOptions);
  } catch (thrown) {
    throw fail(thrown, evidence, true);
  }
  let response: FetchAnswer;
  try {
    response = await sending;
  } catch (thrown) {
    throw fail(thrown, evidence);
  }
  try {
    const { status, ok } = statusOf(response);
    const own = keepsToLength(send);
    const { text, bytes } = await readBody(response, { signal, limit: file ? 64e6 : 16e6, file: !!file && ok, own });
    return { status, ok, text, bytes, retryAfter: ok ? undefined : retryAfter(response.headers), answeredAt: answeredAt(response.headers) };
  } catch (thrown) {
    // There was an answer, so the request was sent.
    throw fail(thrown, "none");
  }
}

/**
 * Returns the status of an answer. A mock in a test may have only one of the two fields. An answer that came after a redirect belongs to another
 * request, perhaps to another server, so that it says nothing about the one that was sent.
 */
function statusOf(response: FetchAnswer): { status: number; ok: boolean } {
  const given = response === null ? "null" : response?.redirected ? "a redirect" : typeof response;
  need(given === "object", `\`fetch\` has to return a promise of a Response, but returned ${given}.`);
  const { status = (response.ok ?? true) ? 200 : 0, ok = status >= 200 && status < 300 } = response;
  return { status, ok };
}

/** Headers without secrets. */
const PLAIN = /^(content-type|user-agent|accept)$/i;

/** Returns the one-time password in a body, encoded and decoded. */
function passwordsOf(body: string): string[] {
  const [, encoded, quoted] = /(?:^|&)otp=([^&]+)|"otp":("(?:[^"\\]|\\.)+")/.exec(body) ?? [];
  if (encoded) return [encoded, decodeURIComponent(encoded)];
  return quoted ? [quoted.slice(1, -1), JSON.parse(quoted) as string] : [];
}

/** Returns the texts that must not appear in an error: credentials, the query and the body. */
const secretsOf = ({ url, headers, body }: SignedRequest): string[] => [
  ...Object.keys(headers)
    .filter((name) => !PLAIN.test(name))
    .map((name) => headers[name]!),
  ...passwordsOf(body ?? ""),
  `${url.split("?")[1] ?? ""}${body ?? ""}`,
];
