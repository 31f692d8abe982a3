// A strict Kraken Spot: what it carries out is entered in the ledger, and nothing else is.
import { BEGINNING } from "./process.mjs";

/** What refuses a request, in Kraken's words. */
class Refusal extends Error {}

const refuse = (words) => {
  throw new Refusal(words);
};

/** Parameters of a body, as JSON or as a form. */
export function parse(body) {
  if (body.startsWith("{")) return JSON.parse(body);
  const params = {};
  for (const pair of body.split("&")) {
    if (!pair) continue;
    const [name, value = ""] = pair.split("=");
    const text = decodeURIComponent(value.replaceAll("+", " "));
    const earlier = params[decodeURIComponent(name)];
    params[decodeURIComponent(name)] = earlier === undefined ? text : [earlier, text].flat();
  }
  return params;
}

/** Kraken Spot with one account. */
export class SpotExchange {
  #random;
  #traits;
  #ledger;
  #keys;
  #tokens = new Map();
  /** Is called after each look at the open orders. */
  looked;

  /**
   * @param traits - `skew`: milliseconds that its clock is ahead; `refusals`: how likely it refuses for reasons of its own;
   * `strictDeadline`: a deadline more than a minute ahead is refused; `codeFirst`: it looks at the one-time password before the nonce
   */
  constructor(random, traits, ledger, keys, orders) {
    this.#random = random;
    this.#traits = traits;
    this.#ledger = ledger;
    this.#keys = new Map(keys.map((key) => [key.name, key]));
    this.orders = orders;
  }

  /** Its own clock, in milliseconds since 1970. */
  clock(time) {
    return BEGINNING + time + this.#traits.skew;
  }

  /** Answers a request at a time of the world. */
  answer({ path, headers, body }, time) {
    try {
      if (path === "/0/public/Time") {
        this.#checkList("Time", time);
        return this.#result({ unixtime: Math.floor(this.clock(time) / 1000) });
      }
      const params = parse(body ?? "");
      const key = this.#admit(path, headers, params, body ?? "", time);
      this.#mood(time);
      return this.#result(this.#run(path.slice("/0/private/".length), params, key, time));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#json({ error: [error.message] });
    }
  }

  #admit(path, headers, { nonce, otp, cl_ord_id: id }, body, time) {
    this.#throttle(time);
    const key = this.#keys.get(headers["API-Key"]) ?? refuse("EAPI:Invalid key");
    if (!key.signsSpot(headers["API-Sign"], path, `${nonce}`, body)) refuse("EAPI:Invalid signature");
    if (this.#traits.quirks.idFirst && path.endsWith("/AddOrder")) this.#checkId(id, time);
    const checks = [
      () => key.takes(`${nonce}`) || refuse("EAPI:Invalid nonce"),
      () => key.admits(otp, this.clock(time), this.#traits.codeWindow) || refuse("EAPI:Invalid signature"),
    ];
    if (this.#traits.codeFirst) checks.reverse();
    for (const check of checks) check();
    return key;
  }

  /** It may refuse for reasons of its own, before it has done anything. */
  #mood(time) {
    if (!this.#random.chance(this.#traits.refusals)) return;
    refuse(this.#random.pick(["EAPI:Rate limit exceeded", "EService:Unavailable", "EGeneral:Internal error", this.#throttled(time)]));
  }

  /** It may refuse a second copy of what it has carried out. Orders add nothing to the call counter, whose words are others. */
  #throttle(time) {
    const { throttles } = this.#traits.quirks;
    if (throttles && this.#random.chance(throttles))
      refuse(
        this.#random.pick(["EGeneral:Too many requests", "EAuth:Rate limit exceeded", "EGeneral:Temporary lockout", this.#throttled(time)]),
      );
  }

  #throttled(time) {
    return `EService:Throttled: ${Math.floor(this.clock(time) / 1000) + this.#random.whole(1, 5)}`;
  }

  #run(endpoint, params, key, time) {
    const run = SpotExchange.#ENDPOINTS[endpoint];
    if (!run) {
      this.#ledger.violate(`this world has no ${endpoint}`);
      refuse("EGeneral:Unknown method");
    }
    this.#checkList(endpoint, time);
    const result = run.call(this, params, key, time);
    // It did it, and says something else: an engine behind the front has answered too late.
    if (params.sim !== undefined && this.#random.chance(this.#traits.refusals / 4)) refuse("EService:Deadline elapsed");
    return result;
  }

  /** A list may fail for a while, or may never be seen. */
  #checkList(name, time) {
    const { outages, denied } = this.#traits.quirks;
    if (name === denied) refuse("EGeneral:Permission denied");
    if (outages.some(({ list, from, until }) => list === name && time >= from && time < until))
      refuse(this.#random.pick(["EService:Unavailable", "EGeneral:Internal error", "EAPI:Rate limit exceeded"]));
  }

  /** The time as of which a list shows the account. */
  #seenAt(time) {
    const { stale } = this.#traits.quirks;
    return stale ? time - this.#random.between(0, stale) : time;
  }

  /** Whether a key may see what happened at a time. */
  #isInPeriod(time) {
    const { from = -Infinity, until = Infinity } = this.#traits.quirks.period ?? {};
    return time >= from && time <= until;
  }

  #secondsOf(time) {
    return time === undefined ? "0" : `${Math.floor(this.clock(time) / 1000)}`;
  }

  #result(result) {
    const { warns } = this.#traits.quirks;
    return this.#json({ error: warns && this.#random.chance(warns) ? ["WGeneral:Something is odd"] : [], result });
  }

  #json(value) {
    return { status: 200, headers: { "content-type": "application/json" }, text: JSON.stringify(value) };
  }

  static #ENDPOINTS = {
    Balance: () => ({ ZUSD: "1000.0000" }),
    GetApiKeyInfo(_, key) {
      return {
        apiKeyName: "simulation",
        nonce: `${key.mark}`,
        nonceWindow: `${key.window}`,
        queryFrom: this.#secondsOf(this.#traits.quirks.period?.from),
        queryTo: this.#secondsOf(this.#traits.quirks.period?.until),
        permissions: ["query-funds", "query-open-trades", "query-closed-trades", "modify-trades", "close-trades", "create-ws-token"],
      };
    },
    GetWebSocketsToken(_params, key, time) {
      const token = `TOKEN-${this.#tokens.size}`;
      this.#tokens.set(token, time + 900_000);
      return { token, expires: 900 };
    },
    OpenOrders(params, _key, time) {
      const seenAt = this.#seenAt(time);
      const open = this.#list(this.orders.open(seenAt).filter(this.#wanted(params)), seenAt);
      this.looked?.();
      return { open };
    },
    ClosedOrders(params, _key, time) {
      const { start = 0 } = params;
      // By either of their times, and the last ones to close come first. None closes before it opens.
      const seen = this.orders.closed(this.#seenAt(time)).filter(({ over }) => this.#isInPeriod(over));
      const orders = seen.filter(this.#wanted(params));
      const since = orders.filter(({ over }) => this.clock(over) / 1000 >= Number(start)).sort((a, b) => b.over - a.over);
      return { closed: this.#list(since.slice(0, 50), time), count: since.length };
    },
    AddOrder(params, _key, time) {
      this.#checkDeadline(params.deadline, time);
      return { txid: [this.#place(params, time).id], descr: { order: "as you wish" } };
    },
    AddOrderBatch(params, _key, time) {
      this.#checkDeadline(params.deadline, time);
      const orders = params.orders.map((row) => {
        try {
          return { txid: this.#place(row, time).id };
        } catch (error) {
          return { error: error.message };
        }
      });
      return { orders };
    },
    CancelOrder(params, _key, time) {
      const order = this.orders.cancel(params.txid ?? params.cl_ord_id, time) ?? refuse("EOrder:Unknown order");
      return { count: this.#did(params, order) && 1 };
    },
    CancelAll(params, _key, time) {
      return { count: this.#did(params) && this.orders.cancelAll(time) };
    },
    AmendOrder(params) {
      return { amend_id: this.#did(params) && "AMEND" };
    },
    Withdraw(params) {
      return { refid: this.#did(params) && "REFID" };
    },
  };

  #did({ sim }) {
    if (sim !== undefined) this.#ledger.execute(`${sim}`);
    return true;
  }

  #checkDeadline(deadline, time) {
    if (deadline === undefined) return;
    const left = Date.parse(deadline) - this.clock(time);
    if (!(left > 0)) refuse("EService:Deadline elapsed");
    if (this.#traits.strictDeadline && left > 61_000) refuse("EGeneral:Invalid arguments:deadline");
  }

  #checkId(id, time) {
    if (this.orders.isTaken(id, time)) refuse("EGeneral:Invalid arguments:cl_ord_id not unique");
  }

  #place(params, time) {
    const { sim, cl_ord_id: clientId, userref: reference, volume, type: side, ordertype: type, price } = params;
    if (Number(volume) >= 1000) refuse("EOrder:Insufficient funds");
    this.#checkId(clientId, time);
    const closes = (params.close?.ordertype ?? params["close[ordertype]"]) !== undefined;
    return this.orders.place({ mark: sim && `${sim}`, clientId, reference, volume, side, type, price, closes, time });
  }

  #wanted({ cl_ord_id: clientId, userref }) {
    return (order) =>
      (clientId === undefined || order.clientId === clientId) && (userref === undefined || `${order.reference}` === `${userref}`);
  }

  #list(orders, time) {
    const { pair, side: sided, number, isNamed, isNamedTwice, refid: none } = this.#traits.quirks.row;
    return Object.fromEntries(
      orders.map(({ id, refid, clientId, reference, side, type, price, opened, ...order }) => [
        id,
        {
          refid: refid ?? none,
          ...(clientId !== undefined && isNamed && { cl_ord_id: clientId }),
          ...(reference !== undefined && isNamedTwice && { cl_ord_id: `by-kraken-${id}` }),
          ...(reference !== undefined && { userref: Number(reference) }),
          opentm: this.clock(opened) / 1000,
          vol: number(this.orders.volumeOf(order, time)),
          descr: { pair, type: sided(side), ordertype: type, price: number(type === "market" ? "0" : (price ?? "30000")) },
        },
      ]),
    );
  }

  /** Answers a message over the WebSocket, version 2. */
  message({ method, req_id, params = {} }, time) {
    const answer = (more) => ({ method, req_id, ...more });
    if (method === "ping") return { method: "pong", req_id };
    try {
      if (!(this.#tokens.get(params.token) > time)) refuse("ESession:Invalid session");
      this.#mood(time);
      return answer({ success: true, result: this.#trade(method, params, time) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return answer({ success: false, error: error.message });
    }
  }

  #trade(method, params, time) {
    if (method === "subscribe" || method === "unsubscribe") return { channel: params.channel };
    if (method === "cancel_all") return { count: this.#did(params) && this.orders.cancelAll(time) };
    if (method !== "add_order") refuse("EGeneral:Unknown method");
    this.#checkDeadline(params.deadline, time);
    const { order_qty: volume, side: type, order_type: ordertype, order_userref: userref, limit_price: price } = params;
    const { id, clientId } = this.#place({ ...params, volume, type, ordertype, userref, price }, time);
    return { order_id: id, ...(clientId && { cl_ord_id: clientId }) };
  }

  /** Ends all tokens, as an upgrade does. */
  forgetTokens() {
    for (const token of this.#tokens.keys()) this.#tokens.set(token, 0);
  }
}
