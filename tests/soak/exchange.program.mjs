// One simulated exchange with a fault in each period, and the judge of a bot that trades there. Started by soak.mjs, to which it reports.
import { once } from "node:events";
import { createServer } from "node:http";
import { Exchange } from "kraken-signer/testing";
import { Judge } from "./judge.mjs";

const { period } = JSON.parse(process.argv[2]);
const exchange = new Exchange({ seed: 1, history: 2000 });
const judge = new Judge();
const judged = new WeakSet();
const seen = { reports: 0, faults: 0, done: false, failure: undefined, sample: undefined };
const orders = {};

/** Shows the judge what was carried out since the last time. */
function look() {
  for (const execution of exchange.executions)
    if (!judged.has(execution)) {
      judged.add(execution);
      judge.execute(execution);
    }
}

const SPOT = ["AddOrder", "AmendOrder", "CancelOrder"];
const each = (fault, endpoints = [...SPOT, "sendorder", "cancelorder"]) => {
  for (const endpoint of endpoints) exchange.inject({ ...fault, endpoint });
};

const open = () => exchange.sockets.filter((socket) => socket.open);

/** A connection goes silent, and breaks a little later: a WebSocket that was closed waits for its peer's last frame, in Node without a limit. */
function silence(socket) {
  socket.silence();
  setTimeout(() => socket.reset(), 15_000);
}

/** The faults, of which each period has the next one. */
const FAULTS = [
  () => each({ fault: "reset", when: "before" }),
  () => each({ fault: "reset", when: "after" }),
  () => open().forEach((socket) => socket.reset()),
  () => each({ fault: "html", when: "after", status: 502 }),
  () => exchange.inject({ fault: "error", error: "EService:Unavailable", times: 5 }),
  () => each({ fault: "hold", ms: 4000, meanwhile: "reset" }),
  () => open().forEach(silence),
  () => each({ fault: "hold", ms: 3000, where: "engine" }, ["AddOrder", "sendorder"]),
  () => each({ fault: "html", when: "before", status: 520 }),
  () => each({ fault: "twice" }, ["AddOrder", "sendorder"]),
  () => exchange.injectSocket({ fault: "reset", at: "executed", times: 2 }),
  () => each({ fault: "delay", when: "after", ms: 1500 }),
  () => each({ fault: "truncated", cut: true }),
  () => exchange.inject({ fault: "html", when: "before", status: 503, times: 5 }),
];

/** Takes the reports of the bot, and tells it when to stop. */
const reports = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { claims, ...said } = JSON.parse(Buffer.concat(chunks).toString());
  look();
  claims.forEach((claim) => judge.claim(claim));
  Object.assign(seen, said, { reports: seen.reports + 1 });
  response.end(JSON.stringify(orders));
});

const server = await exchange.listen();
await once(reports.listen(0, "127.0.0.1"), "listening");
const timers = [
  setInterval(look, 500),
  setInterval(() => ["XBTUSD", "PF_XBTUSD"].forEach((name) => exchange.market(name).walk({ seed: Date.now() % 1e6, steps: 1 })), 250),
  setInterval(() => (FAULTS[seen.faults % FAULTS.length](), seen.faults++), period),
];

process.on("message", async (told) => {
  if (told === "quiet") {
    clearInterval(timers.pop());
    exchange.clearFaults();
    await exchange.settle();
  }
  if (told === "stop") orders.stop = true;
  if (told === "end") process.exit();
  look();
  process.send({ ...seen, counts: judge.counts, wrong: judge.wrong });
});
process.once("disconnect", () => process.exit());
process.send({
  url: server.url,
  socketUrl: server.socketUrl,
  reports: `http://127.0.0.1:${reports.address().port}`,
  spot: exchange.addKey(),
  futures: exchange.addKey({ product: "futures" }),
});
