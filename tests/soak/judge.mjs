// Compares what a bot was told of its calls with what the exchange carried out.

const PLACES = new Set(["AddOrder", "add_order", "sendorder"]);
const idOf = ({ cl_ord_id, cliOrdId }) => cl_ord_id ?? cliOrdId;

/** How a change is named: what was done to which order, and the new price of an amendment. */
const changeOf = (endpoint, params) => `${endpoint} ${idOf(params)} ${params.limit_price ?? ""}`;

export class Judge {
  #placed = new Map();
  #changed = new Map();
  #absent = new Set();
  #unchanged = new Set();
  #wrong = new Set();
  counts = { orders: 0, changes: 0, failed: 0, unknown: 0 };

  /** What the exchange carried out. */
  execute({ endpoint, params, write }) {
    if (!write || idOf(params) === undefined) return;
    const [table, name] = PLACES.has(endpoint) ? [this.#placed, idOf(params)] : [this.#changed, changeOf(endpoint, params)];
    table.set(name, (table.get(name) ?? 0) + 1);
    if (table.get(name) > 1) this.#wrong.add(`carried out ${table.get(name)} times: ${endpoint} ${name}`);
    this.#check();
  }

  /** What the bot was told: `outcome` is `done`, `not done` or `unknown`. */
  claim({ endpoint, params, outcome }) {
    const places = PLACES.has(endpoint);
    const name = places ? idOf(params) : changeOf(endpoint, params);
    if (outcome === "unknown") this.counts.unknown++;
    else if (outcome === "not done") {
      this.counts.failed++;
      (places ? this.#absent : this.#unchanged).add(name);
    } else {
      this.counts[places ? "orders" : "changes"]++;
      if (!(places ? this.#placed : this.#changed).has(name)) this.#wrong.add(`told as done, and not carried out: ${endpoint} ${name}`);
    }
    this.#check();
  }

  /** Late copies may be carried out long after the claim. */
  #check() {
    for (const [claimed, done] of [
      [this.#absent, this.#placed],
      [this.#unchanged, this.#changed],
    ])
      for (const name of claimed) if (done.has(name)) this.#wrong.add(`told as not done, and carried out: ${name}`);
  }

  get wrong() {
    return [...this.#wrong];
  }
}
