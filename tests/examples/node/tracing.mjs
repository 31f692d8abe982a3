// Traces of a client's requests with OpenTelemetry: `new SpotClient({ key, secret, hooks: tracing() })`.
// Each request is a span, under the span in which the call was made. The attributes follow the semantic conventions for HTTP clients.
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

export function tracing(tracer = trace.getTracer("kraken-signer")) {
  const spans = new Map();

  function end({ call, status, errors, error }) {
    const span = spans.get(call);
    if (!span) return;
    spans.delete(call);
    if (status) span.setAttribute("http.response.status_code", status);
    const failure = errors[0] ?? error?.code;
    if (failure) span.setAttribute("error.type", failure).setStatus({ code: SpanStatusCode.ERROR, message: error?.message });
    span.end();
  }

  return {
    onRequest({ call, endpoint, attempt, write, queued }) {
      const attributes = { "http.request.resend_count": attempt - 1, "kraken.write": write, "kraken.queued_ms": queued };
      spans.set(call, tracer.startSpan(`Kraken ${endpoint}`, { kind: SpanKind.CLIENT, attributes }));
    },
    onResponse: end,
    // If there was no answer, these end the span.
    onRetry: (event) => end({ ...event, error: { code: "no answer" } }),
    onError: end,
  };
}
