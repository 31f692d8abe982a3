import { ResponseError } from "../errors.js";
import { jsonOf } from "../rest/answer/json.js";

/** A message of Kraken's. Nothing in it is known to be what it should be, until it has been looked at. */
export type Message = Readonly<Record<string, unknown>>;

/** The types of the fields that a socket itself reads. */
export type Shape = Readonly<Record<string, "string" | "boolean" | "integer">>;

/**
 * Reads a message. Integers that a number does not hold, from 2^53 on, are a `bigint`, as in answers of the REST API.
 *
 * @throws ResponseError if the text is no JSON object
 */
export function parse(text: string): Message {
  const message = jsonOf(text);
  if (typeof message !== "object" || message === null || Array.isArray(message)) throw new ResponseError("WebSocket");
  return message as Message;
}

/** Whether fields have their types, where they are there. `null` is the same as nothing. */
export function fits(message: Message, shape: Shape): boolean {
  for (const name in shape) {
    const value = message[name] ?? undefined;
    const type = shape[name];
    if (value !== undefined && (type === "integer" ? !Number.isSafeInteger(value) : typeof value !== type)) return false;
  }
  return true;
}

/** @throws ResponseError unless the fields have their types */
export function check(message: Message, shape: Shape): void {
  if (!fits(message, shape)) throw new ResponseError("WebSocket");
}
