/** Answers of gateways in front of an exchange, in HTML or in a JSON of their own that looks like any other. */

import { respond, type ExchangeAnswer } from "./wire.js";

/**
 * The shape of a gateway's answer: `html`, a page such as Cloudflare's; `spring`, `{"timestamp","status","error","path"}`; `aws`, `{"message"}`;
 * `error`, `{"error":{"code","message","status"}}`; `errors`, `{"errors":[{"status","title"}]}`.
 */
export type GatewayShape = "html" | "spring" | "aws" | "error" | "errors";

export const GATEWAY_SHAPES: readonly GatewayShape[] = ["html", "spring", "aws", "error", "errors"];

/** An answer of a gateway. */
export interface GatewayAnswer {
  /** The shape. Default `html`. */
  readonly shape?: GatewayShape;
  /** The HTTP status. Default 504. */
  readonly status?: number;
  /** Additional headers, such as `{ "retry-after": "5" }`. */
  readonly headers?: Readonly<Record<string, string>>;
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  408: "Request Timeout",
  413: "Payload Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  520: "Web Server Returned an Unknown Error",
};

export function htmlPage(status: number, headers: Readonly<Record<string, string>> = {}): ExchangeAnswer {
  const page = `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body>${status}</body></html>\n`;
  return respond(status, "text/html; charset=utf-8", page, headers);
}

/** @param now - the time of the exchange's clock, in milliseconds since 1970 */
export function gatewayAnswer({ shape = "html", status = 504, headers = {} }: GatewayAnswer, path: string, now: number): ExchangeAnswer {
  const reason = REASONS[status] ?? "Error";
  const [pathname] = path.split("?");
  const json = (value: unknown) => respond(status, "application/json", JSON.stringify(value), headers);
  switch (shape) {
    case "html":
      return htmlPage(status, headers);
    case "spring":
      return json({ timestamp: new Date(now).toISOString(), status, error: reason, path: pathname });
    case "aws":
      return json({ message: status === 504 ? "Endpoint request timed out" : reason });
    case "error":
      return json({ error: { code: status, message: reason, status: reason.toUpperCase().replaceAll(" ", "_") } });
    case "errors":
      return json({ errors: [{ status: String(status), title: reason }] });
  }
}
