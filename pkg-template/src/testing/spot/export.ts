/** The Spot endpoints that create reports for download. */

import { text } from "../parameters/received.js";
import { invalid, unixSeconds, type SpotCall } from "./call.js";
import { describeLedger, describeTrade } from "./describe.js";
import { checkWord } from "./order-words.js";
import { zip } from "./zip.js";

export function addExport(call: SpotCall): unknown {
  const report = text(call.params, "report");
  if (report !== "trades" && report !== "ledgers") throw invalid("report");
  const descr = text(call.params, "description");
  if (!descr) throw invalid("description");
  checkWord(call.params, "format", ["CSV", "TSV"]);
  const id = call.account.id("", [4]);
  call.account.record(call.account.exports, { id, report, descr, createdtm: unixSeconds(call.now) });
  call.did = `requested export ${id} of ${report}`;
  return { id };
}

export function exportStatus({ account, params }: SpotCall): unknown {
  const report = text(params, "report");
  if (report !== "trades" && report !== "ledgers") throw invalid("report");
  return account.exports
    .filter((entry) => entry.report === report)
    .map((entry) => ({ ...entry, format: "CSV", status: "Processed", fields: "all" }));
}

export function retrieveExport({ account, params }: SpotCall): Uint8Array {
  const found = account.exports.find(({ id }) => id === text(params, "id"));
  if (!found) throw invalid("id");
  const rows =
    found.report === "trades"
      ? account.trades.map((trade) => ({ txid: trade.id, ...describeTrade(trade) }))
      : account.ledger.map((entry) => ({ txid: entry.id, ...describeLedger(entry) }));
  const header =
    found.report === "trades"
      ? "txid,ordertxid,postxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc"
      : "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance";
  const lines = rows.map((row: Record<string, unknown>) =>
    header
      .split(",")
      .map((name) => JSON.stringify(String(row[name])))
      .join(","),
  );
  return zip(`${found.report}.csv`, [header, ...lines, ""].join("\n"));
}

export function removeExport(call: SpotCall): unknown {
  const type = text(call.params, "type");
  if (type !== "cancel" && type !== "delete") throw invalid("type");
  const all = call.account.exports;
  const index = all.findIndex(({ id }) => id === text(call.params, "id"));
  if (index < 0) throw invalid("id");
  const [removed] = all.splice(index, 1);
  call.did = `removed export ${removed?.id}`;
  return { [type]: true };
}
