import { NetworkError, need } from "./errors.js";

/** Whether a value is text of this form. */
export const matches = (pattern: RegExp, text: unknown): text is string => typeof text === "string" && pattern.test(text);

/** The texts in a list, if it is one. */
export const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((one) => one && typeof one === "string") : []);

/** A request whose bytes are final: what was signed is what is sent. It is what `fetch` takes, after its `url`. */
export interface SignedRequest {
  /** For those who sign it a path yet. */
  url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
  /** `fetch` forwards the key, the signature and the body to wherever a redirect points: none is followed. (Workers throw on `"error"`.) */
  readonly redirect: "manual";
}

/** Sends a request and reads its answer, whole or not at all: 16 MB at most, or 64 MB of a file. */
export async function exchange(
  send: typeof fetch,
  endpoint: string,
  signed: SignedRequest,
  signal: AbortSignal,
  file?: boolean,
): Promise<{ ok: boolean; status: number; blob: Blob }> {
  try {
    const { ok, status, body } = await send(signed.url, { ...signed, signal });
    const reader = body?.getReader();
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let room = file ? 64e6 : 16e6;
    for (let part; reader && !(part = await reader.read()).done;) {
      chunks.push(part.value);
      room -= part.value.length;
      // What is too long cannot be read, and what nobody waits for need not be: not every `fetch` listens to signals.
      if (room < 0 || signal.aborted) {
        reader.cancel().catch(() => {});
        chunks.length = 0;
        break;
      }
    }
    return { ok, status, blob: new Blob(chunks) };
  } catch (error) {
    throw new NetworkError(endpoint, reasonOf(error));
  }
}

/** The runtime's code for a failed connection. Its message is left alone: it may quote headers. */
function reasonOf(error: unknown): string | undefined {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  return [code, (Object(cause) as { code?: unknown }).code].find((one) => matches(/^\w{3,40}$/, one)) as string | undefined;
}

/** The JSON object in an answer, if it is one. What is wrong with it is not told by quoting it: it may hold a token. */
export function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Object(value) === value ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Checks the base URL a caller gives, and returns it without a final slash. */
export function baseOf(url: string): string {
  need(
    matches(/^(https:\/\/[^\s/?#@\\]+|http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?)(\/[^\s?#@\\]*)?$/, url),
    "baseUrl: https (http on loopback).",
  );
  return url.replace(/\/+$/, "");
}

/** Who can open a page can read its secrets. Workers, Deno, Bun and Node have no document, and no browser's name. */
export function inBrowser(): boolean {
  const { document, navigator } = globalThis as { document?: unknown; navigator?: { userAgent?: unknown } };
  return !!document || matches(/^Mozilla/, navigator?.userAgent);
}
