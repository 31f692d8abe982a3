// Run by reader.test.mjs with --expose-gc: one socket against a WebSocket that answers everything and remembers nothing.
import { SpotSocket } from "kraken-signer/sockets";
import { FAST, later } from "./helper.mjs";

let listeners = 0;
let connections = 0;
let current;
class Echo extends EventTarget {
  readyState = 0;
  sequence = 0;
  constructor() {
    super();
    connections++;
    current = this;
    setTimeout(() => {
      if (this.readyState) return;
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
    });
  }
  addEventListener(...args) {
    listeners++;
    super.addEventListener(...args);
  }
  removeEventListener(...args) {
    listeners--;
    super.removeEventListener(...args);
  }
  say(message) {
    if (this.readyState === 1) this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(message) }));
  }
  send(text) {
    const { method, req_id } = JSON.parse(text);
    setTimeout(() => this.say({ method: method === "ping" ? "pong" : method, req_id, success: true, result: {} }));
  }
  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    setTimeout(() => this.dispatchEvent(Object.assign(new Event("close"), { code: 1006 })));
  }
}

// A token that never changes: this is about the socket.
const tokens = { authorize: async ({ params }) => ({ params: { ...params, token: "t" } }), invalidate() {} };
const socket = new SpotSocket({ tokens, url: "ws://127.0.0.1/v2", WebSocket: Echo, reconnect: FAST });
let messages = 0;
(async () => {
  for await (const { channel } of socket) if (channel === "executions") messages++;
})();
await socket.subscribe("executions");

async function round() {
  const stop = new AbortController();
  await Promise.all(Array.from({ length: 10 }, () => socket.call("cancel_all", {}, { signal: stop.signal })));
  for (let i = 0; i < 300; i++)
    current.say({ channel: "executions", type: "update", data: [{ order_id: `O${i}` }], sequence: ++current.sequence });
  const lost = socket.call("cancel_all", {}).catch(() => {});
  current.close();
  await lost;
  await socket.ping();
}
const used = async () => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await later(5);
  }
  return process.memoryUsage().heapUsed;
};
// Until everything is compiled.
for (let i = 0; i < 400; i++) await round();
const before = await used();
for (let i = 0; i < 350; i++) await round();
const growth = (await used()) - before;
console.log(JSON.stringify({ growth, messages, connections, listeners }));
socket.close();
