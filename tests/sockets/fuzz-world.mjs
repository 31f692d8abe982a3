// A socket and a server that spoils what it says: what the fuzzing of both protocols shares.
import assert from "node:assert/strict";
import { address } from "./helper.mjs";
import { heard, random, spoil } from "./mutations.mjs";
import { scripted } from "./scripted.mjs";

const turn = () => new Promise((resolve) => setImmediate(resolve));
const ATTEMPTS = Symbol.for("kraken-signer.attempts/2");

export class World {
  static steps = ["connecting", "idle", "subscribing", "resubscribing", "inflight"];

  constructor(seed, messages) {
    this.chances = random(seed);
    this.left = messages;
    this.counts = { messages: 0, connections: 0 };
    /** What callers wait for: `{ what, settled }`. */
    this.calls = [];
    this.out = 0;
    /** Each message of the client: `{ connection, message, at }`. */
    this.sent = [];
    /** Each message that was heard, by connection: `{ message, at }`. */
    this.heard = new Map();
    this.clock = 0;
    this.mark = 0;
    this.waiting = [];
    this.url = address(this.path);
  }

  count(name) {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  /** Keeps a call, and what came of it. */
  keep(what, promise) {
    const call = { ...what, settled: false };
    this.out++;
    promise
      .then(
        () => Object.assign(call, { settled: true, done: true }),
        (error) => Object.assign(call, { settled: true, error }),
      )
      .finally(() => this.out--);
    this.calls.push(call);
  }

  /** Opens a socket on a server of its own. */
  begin() {
    const { chances } = this;
    this.server = scripted((connection) => {
      this.count("connections");
      this.heard.set(connection, []);
      connection.recent = [];
      connection.onsent = (message) => {
        const one = { connection, message, at: this.clock++ };
        this.sent.push(one);
        connection.recent = [...connection.recent, one].slice(-6);
        this.react(connection, message);
      };
      if (chances.chance(0.1)) this.hurt(connection);
      if (chances.chance(0.03)) return setImmediate(() => (connection.tell("error"), connection.over()));
      if (chances.chance(0.01)) return;
      setImmediate(() => {
        connection.open();
        if (chances.chance(0.05)) connection.tell("open");
      });
    });
    this.socket = this.make({
      url: this.url,
      WebSocket: this.server.WebSocket,
      reconnect: { minDelay: 0.01, maxDelay: 1, budget: 1e9 },
      timeout: 40,
      queue: 2000,
      overflow: chances.pick(["close", "drop-oldest"]),
      onEvent: ({ type }) => this.count(type),
    });
    this.closed = false;
    const read = async () => {
      for await (const message of this.socket) void message;
    };
    this.reader = read()
      .catch(() => {})
      .finally(() => (this.closed = true));
  }

  /** Says something to the client, now, soon or later, in its own turn. */
  say(connection, data) {
    const deliver = () => {
      if (connection.readyState > 1) return;
      // A Blob, and what comes behind it, is read some time later.
      const isBlob = data instanceof Blob;
      const place = { at: isBlob || connection.blobs ? Infinity : this.clock++ };
      if (isBlob) {
        connection.blobs = (connection.blobs ?? 0) + 1;
        this.waiting.push(
          data
            .arrayBuffer()
            .then(turn)
            .then(() => connection.blobs--),
        );
      }
      this.heard.get(connection).push(place);
      this.waiting.push(heard(data).then((message) => (place.message = message)));
      connection.tell("message", { data });
    };
    this.chances.pick([deliver, () => queueMicrotask(deliver), () => setImmediate(deliver)])();
  }

  /** Says something that hurts. */
  hurt(connection) {
    this.count("messages");
    this.count(connection.readyState === 0 ? "connecting" : this.step(connection));
    this.left--;
    this.say(connection, spoil(this.template(connection), this.template(connection), this.chances));
  }

  /** What is done about a message of the client. */
  react(connection, message) {
    const { chances } = this;
    const honest = () => this.answers(connection, message).forEach((one) => this.say(connection, JSON.stringify(one)));
    const draw = chances.next();
    if (draw > 0.97) return connection.over();
    if (draw > 0.92) return;
    if (draw > 0.5) for (let times = 1 + chances.below(3); times > 0; times--) this.hurt(connection);
    if (draw < 0.7) honest();
  }

  /** The client's last messages on a connection. */
  recent(connection) {
    return connection.recent;
  }

  async run() {
    this.begin();
    for (let idle = 0; this.left > 0; idle++) {
      if (this.closed) {
        this.count("ended");
        await this.settle();
        this.begin();
      }
      if (this.out < 8) this.act();
      const connection = this.server.last();
      for (let times = this.chances.below(4); connection?.readyState === 1 && times > 0; times--) this.hurt(connection);
      if (this.chances.chance(0.01)) connection?.over();
      assert.ok(idle < 100_000, "no progress");
      await turn();
    }
    await this.recover();
    await this.settle();
    await Promise.all(this.waiting);
    for (const call of this.calls) this.judge(call);
    this.judgeSent();
    globalThis[ATTEMPTS]?.delete(new URL(this.url).host);
    return this.counts;
  }

  /** A socket that has not ended works again as soon as its server does. */
  async recover() {
    this.react = (connection, message) => this.answers(connection, message).forEach((one) => this.say(connection, JSON.stringify(one)));
    if (this.closed) return;
    for (let left = 40; ; left--) {
      try {
        await this.probe();
        return this.count("recovered");
      } catch (error) {
        if (this.closed) return;
        if (!left) throw error;
        await turn();
      }
    }
  }

  /** Closes the socket: nobody waits any more, and nothing is left. */
  async settle() {
    this.socket.close();
    await this.reader;
    await turn();
    const waits = this.calls.filter(({ settled }) => !settled);
    assert.deepEqual(waits, [], "callers wait after the end");
    for (let left = 10; left && this.server.all.some(({ readyState }) => readyState === 1 || readyState === 2); left--) await turn();
    for (const connection of this.server.all) if (connection.readyState === 0) connection.over();
    for (const { listeners, readyState, number } of this.server.all)
      assert.equal(listeners, 0, `listeners of connection ${number} in state ${readyState}`);
  }

  /** After a failure elsewhere. */
  stop() {
    this.left = 0;
    this.socket.close();
  }

  /** What was heard on the connection of a message after it. */
  after({ connection, at }) {
    return this.heard.get(connection).flatMap((one) => (one.message && one.at > at ? [one.message] : []));
  }
}
