/** The parameters of a Spot order that are words: flags, leverage, and who is meant. */

import { LEVERAGES } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { flag, record, text, type Params } from "../parameters/received.js";

export const invalid = (name: string): Rejection => new Rejection(`EGeneral:Invalid arguments:${name}`);

const FLAGS = ["post", "fcib", "fciq", "nompp", "viqc"];

/** Returns the flags of an order. */
export function orderFlags(params: Params, ordertype: string, type: string): string[] {
  const written = text(params, "oflags");
  if (written === undefined) return [];
  const oflags = written.split(",").filter((item) => item !== "");
  const has = (name: string) => oflags.includes(name);
  if (!oflags.every((item) => FLAGS.includes(item)) || (has("fcib") && has("fciq"))) throw invalid("oflags");
  // Kraken documents that the volume can be in the quote currency only in a market order that buys, without leverage.
  if (has("viqc") && (ordertype !== "market" || type !== "buy" || (params["leverage"] ?? "none") !== "none")) throw invalid("oflags");
  if (has("post") && ordertype !== "limit") throw invalid("oflags");
  return oflags;
}

/** Returns the leverage as it was written, if there is one. An order that must reduce a position is rejected, because Spot never has one here. */
export function leverageOf(params: Params): string | undefined {
  const written = text(params, "leverage");
  const leverage = written === "none" ? undefined : written;
  const wanted = leverage === undefined ? undefined : /^(\d)(:1)?$/.exec(leverage)?.[1];
  if (leverage !== undefined && (wanted === undefined || !LEVERAGES.includes(Number(wanted)))) throw invalid("leverage");
  if (flag(params, "reduce_only")) throw new Rejection("EOrder:Reduce only:No position exists");
  return leverage;
}

/** Rejects a word that is not one of these. */
export function checkWord(params: Params, name: string, values: readonly string[]): void {
  const word = params[name] === undefined ? undefined : (text(params, name) ?? "");
  if (word !== undefined && !values.includes(word)) throw invalid(name);
}

export function isInt32(value: string): boolean {
  return /^-?\d{1,10}$/.test(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31;
}

/** Returns the user reference and the client order id of an order, which cannot have both. */
export function namesOf(params: Params): { readonly userref: number | undefined; readonly clOrdId: string | undefined } {
  const userref = text(params, "userref");
  if (userref !== undefined && !isInt32(userref)) throw invalid("userref");
  const clOrdId = text(params, "cl_ord_id");
  if (clOrdId !== undefined) {
    if (userref !== undefined) throw invalid("cl_ord_id and userref are mutually exclusive");
    if (!isClientOrderId(clOrdId)) throw invalid("cl_ord_id");
  }
  return { userref: userref === undefined ? undefined : Number(userref), clOrdId };
}

/** Returns whether an id is a UUID, with or without dashes, or a text of at most 18 ASCII characters. */
function isClientOrderId(id: string): boolean {
  return /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/i.test(id) || /^[\x21-\x7e]{1,18}$/.test(id);
}

/** Rejects a price with a percent sign in a form. Kraken accepts it only in JSON. */
export function checkPercent(params: Params, json: boolean): void {
  if (json) return;
  const close = record(params["close"]) ?? {};
  const prices = [params["price"], params["price2"], params["limit_price"], params["trigger_price"], close["price"], close["price2"]];
  if (prices.some((price) => typeof price === "string" && price.endsWith("%"))) throw new Rejection("EOrder:Invalid price");
}
