// Orders of an account: when they were accepted, from when on they show, and when they were filled or canceled.

const isVisible = (order, time) => time >= order.shows;
const isOver = (order, time) => order.over !== undefined && time >= order.over;

function end(order, time) {
  order.over = time;
  order.isCanceled = true;
}

/** Orders of one account, for Spot and Futures alike. Times are those of the world. */
export class Orders {
  #all = [];
  #random;
  #traits;
  #ledger;

  /** @param traits - `lag`: milliseconds that an order takes to show, at most; `fills`: how likely a limit order ends soon; `canceled`: by being canceled */
  constructor(random, traits, ledger) {
    this.#random = random;
    this.#traits = traits;
    this.#ledger = ledger;
  }

  /** Accepts an order, which has to have a mark unless it is of somebody else. With `closes`, an order closes it once it is filled. */
  place({ mark, clientId, reference, volume, side, type, price, closes, time }) {
    const random = this.#random;
    const { lag, fills, canceled, quirks } = this.#traits;
    const order = {
      id: `O${random.whole(1e8, 9e8)}-${this.#all.length}`,
      mark,
      clientId,
      reference,
      volume,
      side,
      type,
      price,
      opened: time,
      shows: time + random.between(0, lag),
    };
    const isMarket = /^(market|mkt)$/.test(type);
    if (isMarket) order.over = time;
    else if (random.chance(fills)) {
      order.over = order.shows + random.spread(5, 1500);
      order.isCanceled = random.chance(canceled);
    }
    this.#all.push(order);
    if (quirks.amends && !isMarket && random.chance(quirks.amends))
      order.amended = { time: order.shows + random.spread(5, 1500), volume: `${random.whole(2, 9)}.25` };
    if (closes && order.over !== undefined && !order.isCanceled) this.#close(order);
    if (mark !== undefined) this.#ledger.execute(mark);
    return order;
  }

  /** What closes an order has its `userref`, but not its client order id. */
  #close({ id, reference, volume, side, price, over: opened }) {
    const other = side === "buy" ? "sell" : "buy";
    const shows = opened + this.#random.between(0, this.#traits.lag);
    this.#all.push({ id: `${id}-C`, refid: id, reference, volume, side: other, type: "limit", price, opened, shows });
  }

  /** The volume that an order shows at a time. */
  volumeOf({ volume, amended }, time) {
    return amended && time >= amended.time ? amended.volume : volume;
  }

  get(id) {
    return this.#all.find((order) => order.id === id);
  }

  /** Whether an open order has this name: names are unique among those only. */
  isTaken(clientId, time) {
    return clientId !== undefined && this.#all.some((order) => order.clientId === clientId && !isOver(order, time));
  }

  open(time) {
    return this.#all.filter((order) => isVisible(order, time) && !isOver(order, time));
  }

  closed(time) {
    return this.#all.filter((order) => isVisible(order, time) && isOver(order, time));
  }

  /** Cancels an open order. */
  cancel(wanted, time) {
    const order = this.#all.find((one) => !isOver(one, time) && (one.id === wanted || one.clientId === wanted));
    if (order) end(order, time);
    return order;
  }

  cancelAll(time) {
    const open = this.#all.filter((order) => !isOver(order, time));
    for (const order of open) end(order, time);
    return open.length;
  }
}
