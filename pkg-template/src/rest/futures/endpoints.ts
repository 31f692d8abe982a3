import { type Endpoint, type Method, type Proof, type Row, isText, isThere, property, withText } from "../endpoint.js";

const read = (method: Method, more: Partial<Endpoint> = {}): Endpoint => ({ method, permissions: "read", write: false, ...more });
const get = read("GET");

const write = (permissions: "full" | "withdrawal", proof: Proof, method: Method = "POST", more: Partial<Endpoint> = {}): Endpoint => ({
  method,
  permissions,
  write: true,
  proof,
  ...more,
});

/** What a status says: done if it is one of these, else it is Kraken's word for why not. */
function statusRow(status: unknown, done: readonly string[]): Row {
  if (!isText(status)) return "unknown";
  return done.includes(status) ? "done" : { refused: status };
}

const status =
  (name: string, ...done: string[]): Proof =>
  (result) =>
    statusRow(property(property(result, name), "status"), done);

/** What stands for success, by what a row of a batch asked for. */
const BATCH_DONE: Readonly<Record<string, readonly string[]>> = {
  send: ["placed", "filled", "partiallyFilled"],
  edit: ["edited"],
  cancel: ["cancelled"],
};
const ANY_DONE = ["placed", "edited", "cancelled"];

const batch: Proof = (result, params) => {
  const rows = property(result, "batchStatus");
  const asked = property(params.json, "batchOrder");
  if (!Array.isArray(rows) || !rows.length || (Array.isArray(asked) && asked.length !== rows.length)) return "unknown";
  return rows.map((row, place) => {
    const kind = Array.isArray(asked) ? property(asked[place], "order") : undefined;
    return statusRow(property(row, "status"), BATCH_DONE[`${kind as string}`] ?? ANY_DONE);
  });
};

const armed: Proof = (result) => (isText(property(property(result, "status"), "currentTime")) ? "done" : "unknown");

/**
 * `<method>:<name>` under `/derivatives/api/v3/`, or the whole path where it lies elsewhere. Every GET is a read. That an answer under
 * `/derivatives` says `"result":"success"` is required besides what its proof asks for.
 *
 * Sources: docs.kraken.com, Futures REST: key permissions, and the answers of each endpoint; statuses also from public clients. November 2026.
 */
export const futuresEndpoints = {
  "GET:accounts": get,
  "GET:fills": get,
  "GET:leveragepreferences": get,
  "GET:notifications": get,
  "GET:openorders": get,
  "GET:openpositions": get,
  "GET:pnlpreferences": get,
  "GET:transfers": get,
  "GET:unwindqueue": get,
  "POST:orders/status": read("POST"),
  "GET:/api/history/v2/account-log": get,
  "GET:/api/history/v2/executions": get,
  "GET:/api/history/v2/orders": get,
  "GET:/api/history/v2/triggers": get,
  "GET:/api/history/v2/accountlogcsv": read("GET", { file: true }),

  "POST:sendorder": write("full", status("sendStatus", "placed", "filled", "partiallyFilled")),
  "POST:editorder": write("full", status("editStatus", "edited")),
  "POST:cancelorder": write("full", status("cancelStatus", "cancelled")),
  "POST:batchorder": write("full", batch, "POST", { json: true }),
  "POST:cancelallorders": write("full", status("cancelStatus", "cancelled", "noOrdersToCancel")),
  "POST:cancelallordersafter": write("full", armed),
  "POST:assignmentprogram/add": write("full", isThere),
  "POST:assignmentprogram/delete": write("full", isThere),
  "PUT:leveragepreferences": write("full", isThere, "PUT"),
  "PUT:pnlpreferences": write("full", isThere, "PUT"),
  "PUT:self-trade-strategy": write("full", isThere, "PUT"),

  "POST:transfer": write("withdrawal", isThere),
  "POST:transfer/subaccount": write("withdrawal", isThere),
  "POST:withdrawal": write("withdrawal", withText("uid")),
} as const satisfies Readonly<Record<string, Endpoint>>;

/** The record that stands for an endpoint which is not in the table. */
export const unknownFutures = (method: Method): Endpoint => ({ method, permissions: "", write: method !== "GET", proof: isThere });

/** Whether an answer has to say `"result":"success"`. */
export const saysResult = (path: string): boolean => path.startsWith("/derivatives");

/** Futures endpoints that are known for a method; any other may be given too. */
export type FuturesEndpoint<M extends string> =
  (keyof typeof futuresEndpoints extends infer Key ? (Key extends `${M}:${infer Name}` ? Name : never) : never) | (string & {});
