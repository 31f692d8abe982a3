import { type Endpoint, type OrderPrices, type Structure, property } from "../endpoint.js";
import { refuse } from "./parameters.js";

/** The records of endpoints and of socket methods say whether they place orders, and with which prices. */
type Places = Pick<Endpoint, "places" | "prices">;

/**
 * Refuses an order with a price that Kraken would ignore, or without one that it needs. A limit order that is turned into a market order but keeps its
 * price would be executed at any price.
 *
 * @throws InvalidRequestError that names the price
 */
export function checkOrderPrices({ places, prices }: Places, params: Structure): void {
  if (!prices) return;
  if (places === "order") return checkOrder(prices, params, (name) => name);
  const orders = params.orders ?? property(params.json, "batchOrder");
  if (Array.isArray(orders))
    for (const [index, order] of orders.entries()) checkOrder(prices, order, (name) => `orders[${index}][${name}]`);
}

function checkOrder({ type, known, of }: OrderPrices, order: unknown, place: (name: string) => string): void {
  const kind = property(order, type) as string;
  if (!known.test(kind)) return;
  for (const [name, types] of Object.entries(of)) {
    const value = property(order, name) ?? "";
    const isOwn = types.test(kind);
    // Descriptions of orders have "0" for a price that they do not have.
    if (isOwn ? value === "" : Number(value) !== 0)
      refuse(place(name), `a ${kind} order ${isOwn ? "needs it" : "has none, and Kraken would ignore it. Leave it out"}.`);
  }
}
