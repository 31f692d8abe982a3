import { type Endpoint, type Structure, property } from "../endpoint.js";
import { refuse } from "./parameters.js";

/**
 * Refuses parameters of a whole batch in one of its orders, where Kraken would ignore them: an order with `validate` would be placed, and one with a
 * `pair` of its own would be placed in another market.
 *
 * @throws InvalidRequestError that names the parameter
 */
export function checkOrderRows({ places, deadline }: Pick<Endpoint, "places" | "deadline">, params: Structure): void {
  if (places !== "orders") return;
  if (params.json !== undefined && params.batchOrder !== undefined) refuse("batchOrder", "given twice, once in `json`. Write it once.");
  const names = deadline === "deadline" ? ["pair", "asset_class", "validate", "deadline"] : ["processBefore"];
  const orders = params.orders ?? property(params.json, "batchOrder");
  for (const [index, order] of Array.isArray(orders) ? orders.entries() : [])
    for (const name of names)
      if (property(order, name) !== undefined)
        refuse(
          `orders[${index}][${name}]`,
          "belongs to the whole batch, and Kraken would ignore it in one order. Write it beside the orders.",
        );
}
