/** Limits on the rows and orders that the exchange remembers. */

/** Drops the oldest rows once there are twice as many as should be kept, so that the cost of a row does not grow with their number. */
export function trim(rows: unknown[], kept: number): void {
  if (rows.length >= 2 * kept) rows.splice(0, rows.length - kept);
}

/**
 * The closed orders, in the order in which they closed. Forgets the oldest of them in the same way.
 * @typeParam T - the order
 */
export class ClosedOrders<T> {
  readonly #closed = new Set<T>();
  readonly #kept: number;
  readonly #forget: (order: T) => void;

  /** @param forget - removes an order from every index */
  constructor(kept: number, forget: (order: T) => void) {
    this.#kept = kept;
    this.#forget = forget;
  }

  /** @param orders - all orders, open or closed, from which forgotten ones are removed */
  add(order: T, orders: T[]): void {
    if (this.#kept === Infinity) return;
    this.#closed.add(order);
    if (this.#closed.size < 2 * this.#kept) return;
    const gone = new Set([...this.#closed].slice(0, this.#closed.size - this.#kept));
    for (const one of gone) {
      this.#closed.delete(one);
      this.#forget(one);
    }
    const left = orders.filter((one) => !gone.has(one));
    orders.length = 0;
    for (const one of left) orders.push(one);
  }
}
