import type { Endpoint } from "../../endpoint.js";

type SocketMethod = Pick<Endpoint, "places">;

/** The trading methods of the WebSocket (version 2), which need a token. Source: docs.kraken.com, "Spot WebSocket v2", November 2026. */
const methods = {
  add_order: { places: "order" },
  amend_order: {},
  edit_order: {},
  cancel_order: {},
  cancel_all: {},
  cancel_all_orders_after: {},
  batch_add: { places: "orders" },
  batch_cancel: {},
} as const satisfies Readonly<Record<string, SocketMethod>>;

/** Returns the record of a trading method, or `undefined` for any other. */
export const socketMethodOf = (name: unknown): SocketMethod | undefined =>
  typeof name === "string" && Object.hasOwn(methods, name) ? methods[name as keyof typeof methods] : undefined;
