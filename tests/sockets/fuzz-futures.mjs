// The Futures socket in a world that lies.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { FuturesSocket } from "kraken-signer/sockets";
import { World } from "./fuzz-world.mjs";

const PRIVATE = ["fills", "open_orders", "balances"];
const SECRET = Buffer.alloc(64, 7).toString("base64");

export class FuturesWorld extends World {
  static counts = [...World.steps, "done", "failed", "proofs", "recovered", "ended"];
  path = "/ws/v1";

  make(options) {
    return new FuturesSocket({ key: "k".repeat(56), secret: SECRET, ...options });
  }

  act() {
    const { socket, chances } = this;
    const mark = ++this.mark;
    const timeout = 5 + chances.below(40);
    const product_ids = [chances.pick(["PF_XBTUSD", "PI_XBTUSD"])];
    chances.pick([
      () => this.keep({ kind: "subscribe", mark }, socket.subscribe(chances.pick(PRIVATE), { mark }, { timeout })),
      () => this.keep({ kind: "subscribe", mark }, socket.subscribe("trade", { product_ids, mark }, { timeout })),
      () => this.keep({ kind: "unsubscribe" }, socket.unsubscribe(chances.pick(["trade", ...PRIVATE]), {}, { timeout })),
    ])();
  }

  probe() {
    return this.socket.subscribe("ticker", {}, { timeout: 100 });
  }

  step(connection) {
    const { message } = this.recent(connection).at(-1) ?? {};
    if (message?.event === "challenge") return "inflight";
    if (message?.event !== "subscribe" || message.feed === "heartbeat") return "idle";
    return connection.number > 1 ? "resubscribing" : "subscribing";
  }

  answers(connection, { event, feed, product_ids }) {
    const { chances } = this;
    if (event === "challenge") return [{ event, message: randomUUID() }];
    if (feed === "heartbeat")
      return [
        { event: "subscribed", feed },
        { feed, time: 1 },
      ];
    if (chances.chance(0.1)) return [{ event: chances.pick(["error", "alert", "subscribed_failed"]), feed, message: "Invalid feed" }];
    return [{ event: `${event}d`, feed, product_ids }];
  }

  template(connection) {
    const { chances } = this;
    const { message } = chances.pick(this.recent(connection).concat({ message: { event: "challenge" } }));
    const product_id = "PF_XBTUSD";
    return chances.pick([
      ...Array.from({ length: 5 }, () => () => chances.pick(this.answers(connection, message))),
      () => ({ feed: "trade", product_id, seq: chances.below(5), side: "buy", price: 1 }),
      () => ({ feed: "trade_snapshot", product_id, trades: [] }),
      () => ({ feed: "fills_snapshot", fills: [] }),
      () => ({ feed: "balances", seq: chances.below(5), holding: {} }),
      () => ({ event: "info", version: 1 }),
      () => ({ event: "alert", message: "Something" }),
      () => ({ event: "challenge", message: "226aee50-88fc-4618-a42a-34f7709570b2" }),
    ])();
  }

  judge({ kind, mark, done, error }) {
    this.count(done ? "done" : "failed");
    if (error) assert.match(error.name, /^(ApiError|ResponseError|TimeoutError|KrakenError|NetworkError)$/);
    if (kind !== "subscribe" || !done) return;
    const sends = this.sent.filter(({ message }) => message.mark === mark);
    const proven = sends.some((one) => this.after(one).some(({ event, feed }) => event === "subscribed" && feed === one.message.feed));
    assert.ok(proven, `subscribed without proof: ${mark}`);
  }

  /** Only what looks like Kraken's challenges was signed, on the connection on which it was asked for and came. */
  judgeSent() {
    for (const { connection, message, at } of this.sent) {
      const { original_challenge: challenge, signed_challenge, event, feed } = message;
      if (event !== "challenge" && PRIVATE.includes(feed)) assert.ok(signed_challenge, `${event} ${feed} without proof`);
      if (signed_challenge === undefined) continue;
      this.count("proofs");
      assert.match(challenge, /^[\w-]{1,128}$/);
      assert.ok(
        this.sent.some((one) => one.connection === connection && one.message.event === "challenge" && one.at < at),
        "unasked",
      );
      const came = this.heard.get(connection).some((one) => one.message?.event === "challenge" && one.message.message === challenge);
      assert.ok(came, `${challenge} was signed, and never came`);
    }
  }
}
