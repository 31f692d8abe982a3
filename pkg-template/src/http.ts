import { InvalidRequestError, NetworkError, ResponseError } from "./errors.js";

/** Whether a value is text of this form. */
export const matches = (pattern: RegExp, text: unknown): text is string => typeof text === "string" && pattern.test(text);

/** A request whose bytes are final: what was signed is what is sent. */
export interface Signed {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** `fetch` forwards the key, the signature and the body to wherever a redirect points: none is followed. (Workers throw on `"error"`.) */
export const initOf = ({ method, headers, body }: Signed): RequestInit => ({
  method,
  headers,
  redirect: "manual",
  ...(body === undefined ? {} : { body }),
});

/** Settles as the promise does, or rejects once the signal aborts: not every `fetch`, lane or OTP listens to signals. */
export function until<T>(signal: AbortSignal, promise: T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Sends a request and reads its answer whole: 16 MB of it, or 64 MB of a file. */
export async function exchange(
  fetcher: typeof fetch,
  endpoint: string,
  signed: Signed,
  signal: AbortSignal,
  file?: boolean,
): Promise<{ status: number; bytes: Uint8Array }> {
  let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  const answer = async (): Promise<{ status: number; bytes: Uint8Array }> => {
    const { status, body } = await fetcher(signed.url, { ...initOf(signed), signal });
    reader = body?.getReader();
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let room = file ? 64e6 : 16e6;
    for (let part; reader && !(part = await reader.read()).done;) {
      chunks.push(part.value);
      if ((room -= part.value.length) < 0) throw new ResponseError(endpoint);
    }
    return { status, bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()) };
  };
  try {
    return await until(signal, answer());
  } catch (error) {
    reader?.cancel().catch(() => {});
    signal.throwIfAborted();
    throw error instanceof ResponseError ? error : new NetworkError(endpoint, reasonOf(error));
  }
}

/** The runtime's code for a failed connection. Its message is left alone: it may quote headers. */
function reasonOf(error: unknown): string | undefined {
  for (let depth = 0; depth < 3 && error && typeof error === "object"; depth++) {
    const { code, cause } = error as { code?: unknown; cause?: unknown };
    if (typeof code === "string" && /^\w{3,40}$/.test(code)) return code;
    error = cause;
  }
  return undefined;
}

/** The JSON object in an answer, if it is one. What is wrong with it is not told by quoting it: it may hold a token. */
export function jsonOf(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return value && typeof value === "object" ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Checks the base URL a caller gives, and returns it without a final slash. */
export function baseOf(text: string): string {
  let url: URL | undefined;
  try {
    url = new URL(text);
  } catch {
    // Told below.
  }
  const loopback = url && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (
    !url ||
    url.username ||
    url.password ||
    url.search ||
    url.hash ||
    !(url.protocol === "https:" || (loopback && url.protocol === "http:"))
  )
    throw new InvalidRequestError("baseUrl: give an https URL without credentials, query and fragment (http only on loopback).");
  return url.href.replace(/\/+$/, "");
}

/** Who can open a page can read its secrets. Workers, Deno, Bun and Node are no pages, and have no browser's name. */
export function inBrowser(): boolean {
  const { window, document, WorkerGlobalScope, navigator } = globalThis as Record<string, unknown>;
  return !!((window && document) || (WorkerGlobalScope && /^Mozilla/.test(`${(navigator as { userAgent?: string })?.userAgent}`)));
}
