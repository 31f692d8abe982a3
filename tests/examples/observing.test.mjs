// The examples that observe a client: traces with OpenTelemetry, a log with pino.
import assert from "node:assert/strict";
import { test } from "node:test";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import pino from "pino";
import { logging } from "./node/logging.mjs";
import { tracing } from "./node/tracing.mjs";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };

function open(hooks) {
  const exchange = new Exchange({ arrivalDelay: () => 10 });
  const { key, secret } = exchange.addKey();
  return { exchange, key, secret, client: new SpotClient({ key, secret, fetch: exchange.fetch, hooks }) };
}

test("OpenTelemetry: a span for each request, under the span in which the call was made", async () => {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer("test");
  const { client, exchange } = open(tracing(tracer));
  const within = (name, work) =>
    tracer.startActiveSpan(name, async (span) => {
      await work().catch(() => {});
      span.end();
    });

  // They wait for each other in one queue, and keep their parents all the same.
  await Promise.all(["one", "two", "three"].map((name) => within(name, () => client.call("Balance"))));
  exchange.inject({ fault: "error", error: "EService:Unavailable" });
  exchange.inject({ fault: "reset", when: "before" });
  await within("retried", () => client.call("Balance"));
  exchange.inject({ fault: "reset", when: "after" });
  await within("lost", () => client.call("AddOrder", ORDER));

  const spans = exporter.getFinishedSpans();
  const parents = spans.filter(({ name }) => !name.startsWith("Kraken"));
  assert.equal(parents.length, 5);
  const under = (parent) => {
    const { spanId } = parents.find(({ name }) => name === parent).spanContext();
    const own = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === spanId);
    return own.map(({ name, attributes, status }) => {
      const { "http.response.status_code": code, "http.request.resend_count": resent, "error.type": error } = attributes;
      return [name, resent, code, error, status.code];
    });
  };
  for (const name of ["one", "two", "three"]) assert.deepEqual(under(name), [["Kraken Balance", 0, 200, undefined, 0]]);
  assert.deepEqual(under("retried"), [
    ["Kraken Balance", 0, 200, "EService:Unavailable", 2],
    ["Kraken Balance", 1, undefined, "no answer", 2],
    ["Kraken Balance", 2, 200, undefined, 0],
  ]);
  assert.deepEqual(under("lost"), [["Kraken AddOrder", 0, undefined, "ERR_UNKNOWN_OUTCOME", 2]]);
  assert.equal(spans.length, 5 + 3 + 3 + 1);
});

test("pino: each line says what happened, and none has a secret", async () => {
  const lines = [];
  const { client, exchange, key, secret } = open(logging(pino({ level: "debug" }, { write: (line) => lines.push(line) })));
  await client.call("Balance");
  exchange.inject({ fault: "error", error: "EService:Unavailable" });
  await client.call("Balance");
  exchange.inject({ fault: "error", error: "EOrder:Insufficient funds" });
  await client.call("AddOrder", ORDER).catch(() => {});
  exchange.inject({ fault: "reset", when: "after" });
  await client.call("AddOrder", ORDER).catch(() => {});
  const told = lines
    .map((line) => JSON.parse(line))
    .map(({ level, msg }) => `${pino.levels.labels[level]}: ${msg.replace(/\d+ ms/, "… ms")}`);
  assert.deepEqual(told, [
    "debug: Balance answered after … ms",
    "debug: Balance answered after … ms",
    "warn: Balance will be tried again in … ms",
    "debug: Balance answered after … ms",
    "debug: AddOrder answered after … ms",
    "error: AddOrder failed",
    "fatal: AddOrder failed",
  ]);
  const lost = JSON.parse(lines.at(-1));
  assert.match(lost.nonce, /^\d{13}$/);
  assert.match(lost.err.message, /may have been carried out/);
  const signatures = exchange.requests.map(({ headers }) => headers.get("api-sign"));
  for (const hidden of [key, secret, ...signatures]) assert.ok(!lines.join("").includes(hidden));
});
