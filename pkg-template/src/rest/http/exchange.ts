import { type Bytes, readBody } from "./body.js";
import { type Silence, diagnose } from "./never-sent.js";
import { keepsToLength } from "./own-fetch.js";
import { retryAfter } from "./retry-after.js";
import { type Evidence, sentOnce } from "./sent-once.js";

/** A request whose bytes are final: what was signed is what is sent. It is what `fetch` takes, after its `url`. */
export interface SignedRequest {
  /** The whole URL, with its query. */
  readonly url: string;
  /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. */
  readonly method: string;
  /** With the API key and the signature; the signature is over these very bytes of path and body. */
  readonly headers: Readonly<Record<string, string>>;
  /** A form or JSON, exactly as it was signed; `null` for none. */
  readonly body: string | null;
  /** `fetch` forwards the key, the signature and the body to wherever a redirect points: none is followed. (Workers throw on `"error"`.) */
  readonly redirect: "manual";
}

/** What kind of request it is. */
export interface ExchangeOptions {
  /** It changes something: it must not be sent twice. */
  readonly write: boolean;
  /** A success is answered with a file, of 64 MB at most instead of 16 MB. */
  readonly file?: boolean | undefined;
}

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  /** The body, unless it is a file. Undefined if it was too long, or if nobody waited for the rest of it. */
  readonly text: string | undefined;
  /** The file that was asked for. */
  readonly bytes?: Bytes | undefined;
  /** Milliseconds to wait before the next request, if the answer says so. */
  readonly retryAfter: number | undefined;
}

/** There was no whole answer. The client says in its own words which request that was. */
export class NoAnswer {
  constructor(readonly silence: Silence) {}
}

/**
 * Sends a request once and reads its answer, whole or not at all.
 *
 * @throws NoAnswer if `send` failed, or the connection broke before the answer was complete
 */
export async function exchange(
  send: typeof fetch,
  request: SignedRequest,
  signal: AbortSignal,
  { write, file }: ExchangeOptions,
): Promise<Answer> {
  const { url, method, headers, redirect } = request;
  const { evidence, ...once } = sentOnce(method, request.body, write);
  const fail = (thrown: unknown, evidence: Evidence, synchronously = false): NoAnswer =>
    new NoAnswer(diagnose(thrown, { evidence, synchronously, secrets: secretsOf(request) }));

  let sending: Promise<Response>;
  try {
    sending = send(url, { method, headers, redirect, signal, ...once });
  } catch (thrown) {
    throw fail(thrown, evidence, true);
  }
  let response: Response;
  try {
    response = await sending;
  } catch (thrown) {
    throw fail(thrown, evidence);
  }
  try {
    const { status, ok } = statusOf(response);
    const own = keepsToLength(send);
    const { text, bytes } = await readBody(response, { signal, limit: file ? 64e6 : 16e6, file: !!file && ok, own });
    return { status, ok, text, bytes, retryAfter: ok ? undefined : retryAfter(response.headers) };
  } catch (thrown) {
    // It has been answered, so it was sent.
    throw fail(thrown, "none");
  }
}

/** The status of an answer. What stands in for one in a test may have only one of the two. */
function statusOf(response: Response): { status: number; ok: boolean } {
  if (Object(response) !== response)
    throw new TypeError(`fetch gave ${response === null ? "null" : typeof response} instead of a Response`);
  const { status = (response.ok ?? true) ? 200 : 0, ok = status >= 200 && status < 300 } = response;
  return { status, ok };
}

/** Headers that are no secret. */
const PLAIN = /^(content-type|user-agent|accept)$/i;

/** The one-time password in a body, as it is written there and as it reads. */
function passwordsOf(body: string): string[] {
  const [, encoded, quoted] = /(?:^|&)otp=([^&]+)|"otp":("(?:[^"\\]|\\.)+")/.exec(body) ?? [];
  if (encoded) return [encoded, decodeURIComponent(encoded)];
  return quoted ? [quoted.slice(1, -1), JSON.parse(quoted) as string] : [];
}

/** What must not turn up in an error: credentials, what is in the query, and the body. */
const secretsOf = ({ url, headers, body }: SignedRequest): string[] => [
  ...Object.keys(headers)
    .filter((name) => !PLAIN.test(name))
    .map((name) => headers[name]!),
  ...passwordsOf(body ?? ""),
  `${url.split("?")[1] ?? ""}${body ?? ""}`,
];
