// Sentences on calls that go further than their names may suggest: those that move money, or cancel all orders at once.
import type { Params } from "../rest/request/encode.js";
import type { FuturesEndpoints } from "../rest/futures/endpoints.js";
import type { SpotEndpoints } from "../rest/spot/endpoints.js";
import { rendered } from "./render.js";

type WithoutMethod<Name> = Name extends `${string}:${infer Endpoint}` ? Endpoint : never;

type Sentence = (params: Params) => string;

/** Returns the value of a parameter, or a substitute if it is not set. */
const said = (params: Params, name: string, otherwise: string): string => (params[name] === undefined ? otherwise : rendered(params[name]));

/** Returns an amount with its currency, such as `0.5 XBT`. */
const sum = (params: Params, currency: string): string =>
  `${said(params, "amount", "an amount")} ${said(params, currency, "of a currency")}`;

const cancelAllAfter: Sentence = (params) =>
  Number(params.timeout) === 0
    ? "This turns off the timer that would cancel all open orders."
    : `This cancels ALL open orders of the account in ${said(params, "timeout", "some")} seconds, unless it is called again before then.`;

const SPOT: Partial<Record<keyof SpotEndpoints, Sentence>> = {
  CancelAll: () => "This cancels ALL open orders of the account.",
  CancelAllOrdersAfter: cancelAllAfter,
  Withdraw: (params) =>
    `This withdraws ${sum(params, "asset")} from the account to the address saved as "${said(params, "key", "?")}". It cannot be undone.`,
  WalletTransfer: (params) => `This moves ${sum(params, "asset")} from "${said(params, "from", "?")}" to "${said(params, "to", "?")}".`,
  AccountTransfer: (params) =>
    `This moves ${sum(params, "asset")} from account ${said(params, "from", "?")} to account ${said(params, "to", "?")}.`,
};

const FUTURES: Partial<Record<WithoutMethod<keyof FuturesEndpoints>, Sentence>> = {
  cancelallorders: (params) =>
    `This cancels ALL open orders of the account${params.symbol === undefined ? "" : ` on ${rendered(params.symbol)}`}.`,
  cancelallordersafter: cancelAllAfter,
  withdrawal: (params) => `This withdraws ${sum(params, "currency")} from Kraken Futures to the Spot wallet.`,
  transfer: (params) =>
    `This moves ${sum(params, "unit")} from "${said(params, "fromAccount", "?")}" to "${said(params, "toAccount", "?")}".`,
  "transfer/subaccount": (params) =>
    `This moves ${sum(params, "unit")} from "${said(params, "fromAccount", "?")}" of ${said(params, "fromUser", "one account")} to "${said(params, "toAccount", "?")}" of ${said(params, "toUser", "another")}.`,
};

/** Returns the sentence on a call, if there is one. */
export function consequenceOf(endpoint: string, params: Params, futures: boolean): string | undefined {
  const table: Readonly<Record<string, Sentence>> = futures ? FUTURES : SPOT;
  const sentence = Object.hasOwn(table, endpoint) ? table[endpoint] : undefined;
  if (sentence) return sentence(params);
  // This version does not know every endpoint.
  return /withdraw/i.test(endpoint) && !/cancel/i.test(endpoint)
    ? "This may withdraw money from the account. It cannot be undone."
    : undefined;
}
