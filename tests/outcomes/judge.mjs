// What each outcome of the table means to a caller. Neutral of the runtime.

/** Makes the call of a row with a client for its API. */
export function callFor(client, { api, endpoint, params }) {
  if (api === "spot") return client.call(endpoint, params);
  if (api === "header") {
    const [method, path] = endpoint.split(" ");
    return client.request(method, path, { body: params });
  }
  const [method, name] = endpoint.split(":");
  return client[method.toLowerCase()](name, params);
}

/** What a caller of a row must see: nothing if it is so, else what is wrong. */
export async function expectOutcome({ outcome, kind, done }, call) {
  let error;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
  }
  return problemWith({ outcome, kind, done }, error);
}

export function problemWith({ outcome, kind, done }, error) {
  const name = error?.name;
  switch (outcome) {
    case "done":
      return name && `threw ${error.stack ?? name}`;
    case "unknown":
      return name === "UnknownOutcomeError" ? undefined : `expected UnknownOutcomeError, got ${name ?? "success"}`;
    case "rejected": {
      if (name !== "ApiError") return `expected ApiError, got ${name ?? "success"}`;
      if (kind && error.kind !== kind) return `kind ${error.kind}`;
      const rows = JSON.stringify(error.done ?? []);
      return rows === JSON.stringify(done ?? []) ? undefined : `rows done: ${rows}`;
    }
    case "failed":
      return name && name !== "UnknownOutcomeError" ? undefined : `expected an error, got ${name ?? "success"}`;
  }
  return `no such outcome: ${outcome}`;
}
