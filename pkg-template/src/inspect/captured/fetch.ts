// Reads a `Request`, and the arguments of `fetch`, as fetch would send them.
import { InvalidRequestError } from "../../errors.js";
import { run, unexpected } from "../../wasm/inspector.js";
import { decoded } from "./bytes.js";
import type { Found } from "./request.js";

/** The parts that the binary reads from a `Request`. */
interface Parts {
  api: "spot" | "futures";
  method: string;
  path: string;
  nonce?: string;
  body: Uint8Array;
  key?: string;
  signature?: string;
  otp?: string;
}

/** Whether a value is a Request, possibly of another realm. Workers with a compatibility date before 2024-09-26 have requests without a tag. */
export const isRequest = (value: unknown): value is Request =>
  value instanceof globalThis.Request || Object.prototype.toString.call(value) === "[object Request]";

/** Whether a value is an array of the arguments of `fetch`. */
export const isFetchCall = (value: unknown): value is readonly [string | URL | Request, RequestInit?] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= 2 &&
  (typeof value[0] === "string" || value[0] instanceof URL || isRequest(value[0]));

/** Reads a request. Its body is read from a copy. */
export async function foundInRequest(request: Request): Promise<Found> {
  if (request.bodyUsed)
    throw new InvalidRequestError("Invalid `request`: its body has already been sent. Pass a clone() that was made before.");
  const { api, method, path, nonce, body, key, signature, otp } = await run<Promise<Parts>>(
    (exports) => exports.read_request(request),
    unexpected,
  );
  const names = api === "futures" ? ["APIKey", "Authent", "Nonce"] : ["API-Key", "API-Sign", "API-Nonce"];
  const pairs = [key, signature, nonce].map((value, index) => [names[index]!, value] as const);
  const headers = [...pairs, ["API-OTP", otp] as const].filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { format: "request", method, url: path, headers, body: decoded(body), isWhole: true, isExact: true };
}

/** Reads the arguments of `fetch`. The body must be readable again: a stream is not. */
export async function foundInCall([input, init]: readonly [string | URL | Request, RequestInit?]): Promise<Found> {
  const body: unknown = init?.body;
  if (body instanceof ReadableStream || (typeof body === "object" && body !== null && "pipe" in body))
    throw new InvalidRequestError("Invalid `body` of the fetch call: a stream can be read only once. Pass the text or bytes that it had.");
  if (Array.isArray(body) || Object.prototype.toString.call(body) === "[object Object]")
    throw new InvalidRequestError(
      "Invalid `body` of the fetch call: fetch sends an object as [object Object]. Encode it once as text, then sign and send that text.",
    );
  return { ...(await foundInRequest(requestFor(input, init))), format: "fetch" };
}

function requestFor(input: string | URL | Request, init: RequestInit | undefined): Request {
  try {
    // Options that concern only the sending may not be known to this runtime.
    const { method, headers, body } = init ?? {};
    return new Request(isRequest(input) ? input.clone() : input, {
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
    });
  } catch {
    // The message of the runtime may quote a header.
    throw new InvalidRequestError(
      "Invalid arguments of fetch: fetch itself refuses them. The URL must be absolute, a GET has no body, and headers contain no line ends.",
    );
  }
}
