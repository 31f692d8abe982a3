/** How much is remembered of what is over. */

/** Drops the oldest rows once there are twice as many as are to be kept, so that a row costs the same however many there are. */
export function trim(rows: unknown[], kept: number): void {
  if (rows.length >= 2 * kept) rows.splice(0, rows.length - kept);
}

/**
 * Orders that are closed, in the order in which they were: forgets the oldest of them, in the same way.
 * @typeParam T - the order
 */
export class ClosedOrders<T> {
  readonly #closed = new Set<T>();
  readonly #kept: number;
  readonly #forget: (order: T) => void;

  /** @param forget - takes an order out of every index */
  constructor(kept: number, forget: (order: T) => void) {
    this.#kept = kept;
    this.#forget = forget;
  }

  /** @param orders - all of them, open or not, which those that are forgotten leave */
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
