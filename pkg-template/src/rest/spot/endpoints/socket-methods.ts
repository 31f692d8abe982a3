import type { Endpoint, OrderPrices, TimeUnits } from "../../endpoint.js";

type SocketMethod = Pick<Endpoint, "places" | "prices">;

/** The prices of orders, as documented. Those of triggers are in an object. */
const prices: OrderPrices = {
  type: "order_type",
  known: /^(market|limit|iceberg|(stop-loss|take-profit|trailing-stop)(-limit)?)$/,
  of: { limit_price: /limit$|iceberg/, triggers: /-/ },
};

/** The trading methods of the WebSocket (version 2), which need a token. Source: docs.kraken.com, "Spot WebSocket v2", November 2026. */
const methods = {
  add_order: { places: "order", prices },
  amend_order: {},
  edit_order: {},
  cancel_order: {},
  cancel_all: {},
  cancel_all_orders_after: {},
  batch_add: { places: "orders", prices },
  batch_cancel: {},
} as const satisfies Readonly<Record<string, SocketMethod>>;

/** The units of parameters that are times. */
export const socketTimes: TimeUnits = { deadline: "deadline", effective_time: "text", expire_time: "text", timeout: "timer" };

/** The names of parameters that Kraken expects as JSON numbers, separated by spaces. */
export const socketNumbers = "order_qty display_qty cash_order_qty limit_price trigger_price price timeout order_userref";

/** The names of the trading methods. */
export const socketMethods = (): readonly string[] => Object.keys(methods);

/** Returns the record of a trading method, or `undefined` for any other. */
export const socketMethodOf = (name: unknown): SocketMethod | undefined =>
  typeof name === "string" && Object.hasOwn(methods, name) ? methods[name as keyof typeof methods] : undefined;
