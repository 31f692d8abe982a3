import { ResponseError } from "../errors.js";

/** A message of Kraken's. Nothing in it is known to be what it should be, until it has been looked at. */
export type Message = Readonly<Record<string, unknown>>;

/** The types of the fields that a socket itself reads. */
export type Shape = Readonly<Record<string, "string" | "boolean" | "integer">>;

/** @throws ResponseError if the text is no JSON object */
export function parse(text: string): Message {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    // The runtime's error quotes the text.
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) throw new ResponseError("WebSocket");
  return message as Message;
}

/** Whether fields have their types, where they are there. `null` is the same as nothing. */
export const fits = (message: Message, shape: Shape): boolean =>
  Object.entries(shape).every(([name, type]) => {
    const value = message[name] ?? undefined;
    return value === undefined || (type === "integer" ? Number.isSafeInteger(value) : typeof value === type);
  });

/** @throws ResponseError unless the fields have their types */
export function check(message: Message, shape: Shape): void {
  if (!fits(message, shape)) throw new ResponseError("WebSocket");
}
