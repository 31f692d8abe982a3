/** What is known of an endpoint: the permissions it needs, and whether it changes something. */
interface Row {
  readonly needs: string;
  readonly write: boolean;
}

/**
 * What is known of one of Kraken's APIs: one table for types, choice of key, retries and encoding. Names are separated by spaces. An endpoint that is not in it counts as one that changes something, and is never sent again after an unknown outcome.
 */
export interface Api {
  readonly baseUrl: string;
  /** Endpoints that change nothing, and so may be sent again, by the permissions they need: `|` any of, `&` all of. */
  readonly reads: Readonly<Record<string, string>>;
  /** Endpoints that change something. */
  readonly writes: Readonly<Record<string, string>>;
  /** What changes something only with this parameter. */
  readonly writesIf?: Readonly<Record<string, string>>;
  /** What wants JSON: as its body (Spot), or in the parameter `json` (Futures). */
  readonly json: string;
  /** What answers a file. */
  readonly files: string;
  /** Parameters whose list is joined by commas. */
  readonly lists: string;
  /** Parameters that are seconds since 1970, so that a `Date` can be given; it is rounded down. */
  readonly dates: string;
  /** The endpoints one by one, made of the words above when they are first asked for. */
  rows?: Map<string, Row>;
}

/**
 * `POST /0/private/<name>`; permissions as GetApiKeyInfo names them. GetWebSocketsToken is a read: a second token harms nobody.
 *
 * Source: docs.kraken.com, "API Key Permissions Required" and the parameters of each endpoint, November 2026.
 */
export const spot = {
  baseUrl: "https://api.kraken.com",
  reads: {
    "": "GetApiKeyInfo Earn/Strategies",
    "query-funds": "Balance BalanceEx CreditLines TradeVolume DepositStatus DepositAddresses",
    "query-open-trades": "TradeBalance OpenOrders OpenPositions Level3",
    "query-closed-trades": "ClosedOrders TradesHistory QueryTrades",
    "query-open-trades|query-closed-trades": "QueryOrders OrderAmends",
    "query-ledger": "Ledgers QueryLedgers",
    "export-data": "ExportStatus RetrieveExport",
    "create-ws-token": "GetWebSocketsToken",
    "query-funds&add-funds": "DepositMethods",
    "query-funds&withdraw-funds": "WithdrawMethods WithdrawAddresses WithdrawInfo",
    "withdraw-funds|query-ledger": "WithdrawStatus",
    "earn-funds|query-funds": "Earn/Allocations Earn/AllocateStatus Earn/DeallocateStatus",
  },
  writes: {
    "modify-trades": "AddOrder",
    "modify-trades&close-trades": "AddOrderBatch EditOrder",
    "modify-trades|close-trades": "AmendOrder CancelOrder CancelOrderBatch CancelAll CancelAllOrdersAfter",
    "export-data": "AddExport RemoveExport",
    "query-funds": "WalletTransfer",
    "withdraw-funds": "Withdraw WithdrawCancel CreateSubaccount AccountTransfer",
    "earn-funds": "Earn/Allocate Earn/Deallocate",
  },
  writesIf: { DepositAddresses: "new" },
  json: "CancelOrderBatch",
  files: "RetrieveExport",
  lists: "txid id asset pair oflags fields",
  dates: "start end starttm endtm expiretm",
} as const satisfies Api;

/**
 * `<method>:<name>` under `/derivatives/api/v3/`, or the whole path where it lies elsewhere. Every GET is a read.
 *
 * Source: docs.kraken.com, Futures REST, key permissions and the notes on encoding, November 2026.
 */
export const futures = {
  baseUrl: "https://futures.kraken.com",
  reads: {
    read: "GET:accounts GET:fills GET:leveragepreferences GET:notifications GET:openorders GET:openpositions GET:pnlpreferences GET:transfers GET:unwindqueue POST:orders/status GET:/api/history/v2/account-log GET:/api/history/v2/executions GET:/api/history/v2/orders GET:/api/history/v2/triggers",
  },
  writes: {
    full: "POST:sendorder POST:editorder POST:cancelorder POST:batchorder POST:cancelallorders POST:cancelallordersafter POST:assignmentprogram/add POST:assignmentprogram/delete PUT:leveragepreferences PUT:pnlpreferences PUT:self-trade-strategy",
    withdrawal: "POST:transfer POST:transfer/subaccount POST:withdrawal",
  },
  json: "POST:batchorder",
  files: "GET:/api/history/v2/accountlogcsv",
  lists: "",
  dates: "",
} as const satisfies Api;

type Words<Text> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;
type Known<T extends Api> = Words<T["reads"][keyof T["reads"]] | T["writes"][keyof T["writes"]]>;

/** Spot endpoints that are known; any other name may be given too, and counts as one that changes something. */
export type SpotEndpoint = Known<typeof spot> | (string & {});

/** Futures endpoints that are known for a method; any other may be given too. */
export type FuturesEndpoint<Method extends string> =
  (Known<typeof futures> extends infer Key ? (Key extends `${Method}:${infer Name}` ? Name : never) : never) | (string & {});

export const has = (words: string, word: string): boolean => ` ${words} `.includes(` ${word} `);

/** The endpoints of an API one by one. */
export const rowsOf = (api: Api): Map<string, Row> =>
  (api.rows ??= new Map(
    [api.reads, api.writes].flatMap((group) =>
      Object.entries(group).flatMap(([needs, names]) => names.split(" ").map((name) => [name, { needs, write: group === api.writes }])),
    ),
  ));

/** What an endpoint needs and whether it changes something, called like this. */
export function rowOf(api: Api, name: string, params: object = {}): Row {
  const { needs, write } = rowsOf(api).get(name) ?? { needs: "", write: !name.startsWith("GET:") };
  return { needs, write: write || !!(params as Record<string, unknown>)[api.writesIf?.[name] ?? ""] };
}

/** Whether these permissions are what an endpoint needs. */
export const covers = (permissions: readonly string[], needs: string): boolean =>
  !needs || needs.split("|").some((all) => all.split("&").every((one) => permissions.includes(one)));
