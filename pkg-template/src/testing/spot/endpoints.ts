/** The Spot endpoints and their required permissions, which are those of Kraken's endpoint reference. */

import type { SpotEndpoint } from "./call.js";
import { addExport, exportStatus, removeExport, retrieveExport } from "./export.js";
import {
  accountTransfer,
  depositAddresses,
  depositMethods,
  depositStatus,
  createSubaccount,
  walletTransfer,
  withdraw,
  withdrawCancel,
  withdrawAddresses,
  withdrawInfo,
  withdrawMethods,
  withdrawStatus,
} from "./funding.js";
import { assetPairs, assets, depth, groupedBook, ohlc, recentTrades, spread, systemStatus, ticker, time } from "./public.js";
import {
  apiKeyInfo,
  balance,
  balanceEx,
  closedOrders,
  custodyTask,
  earnAllocate,
  earnAllocations,
  earnStatus,
  ledgers,
  level3,
  openOrders,
  orderAmends,
  queryLedgers,
  queryOrders,
  queryTrades,
  tradeBalance,
  tradesHistory,
  tradeVolume,
} from "./reads.js";
import {
  addOrder,
  addOrderBatch,
  amendOrder,
  cancelAll,
  cancelAllOrdersAfter,
  cancelOrder,
  cancelOrderBatch,
  editOrder,
  getWebSocketsToken,
} from "./trading.js";
import { postTrade, preTrade } from "./transparency.js";

export const PUBLIC_ENDPOINTS: ReadonlyMap<string, SpotEndpoint> = new Map<string, SpotEndpoint>([
  ["Time", { run: time }],
  ["SystemStatus", { run: systemStatus }],
  ["Assets", { run: assets }],
  ["AssetPairs", { run: assetPairs }],
  ["Ticker", { run: ticker }],
  ["OHLC", { run: ohlc }],
  ["Depth", { run: depth }],
  ["GroupedBook", { run: groupedBook }],
  ["Trades", { run: recentTrades }],
  ["Spread", { run: spread }],
  ["PreTrade", { run: preTrade }],
  ["PostTrade", { run: postTrade }],
]);

const READ_TRADING = { any: ["query-open-trades", "query-closed-trades"] } as const;
const TRADING = { any: ["modify-trades", "close-trades"] } as const;
const EARN_STATUS = { any: ["earn-funds", "query-funds"] } as const;

/** The endpoints of `/0/private/`. Those that are not fully simulated answer as for an account that never used them. */
export const PRIVATE_ENDPOINTS: ReadonlyMap<string, SpotEndpoint> = new Map<string, SpotEndpoint>([
  // Account
  ["GetApiKeyInfo", { run: apiKeyInfo }],
  ["Balance", { needs: { all: ["query-funds"] }, run: balance }],
  ["BalanceEx", { needs: { all: ["query-funds"] }, run: balanceEx }],
  ["CreditLines", { needs: { all: ["query-funds"] }, run: () => null }],
  ["TradeVolume", { needs: { all: ["query-funds"] }, run: tradeVolume }],
  ["TradeBalance", { needs: { all: ["query-open-trades"] }, run: tradeBalance }],
  ["OpenOrders", { needs: { all: ["query-open-trades"] }, run: openOrders }],
  ["OpenPositions", { needs: { all: ["query-open-trades"] }, run: () => ({}) }],
  ["Level3", { needs: { all: ["query-open-trades"] }, run: level3 }],
  ["ClosedOrders", { needs: { all: ["query-closed-trades"] }, run: closedOrders }],
  ["QueryOrders", { needs: READ_TRADING, run: queryOrders }],
  ["OrderAmends", { needs: READ_TRADING, run: orderAmends }],
  ["TradesHistory", { needs: { all: ["query-closed-trades"] }, cost: 2, run: tradesHistory }],
  ["QueryTrades", { needs: { all: ["query-closed-trades"] }, cost: 2, run: queryTrades }],
  ["Ledgers", { needs: { all: ["query-ledger"] }, cost: 2, run: ledgers }],
  ["QueryLedgers", { needs: { all: ["query-ledger"] }, cost: 2, run: queryLedgers }],
  ["AddExport", { needs: { all: ["export-data"] }, write: true, run: addExport }],
  ["ExportStatus", { needs: { all: ["export-data"] }, run: exportStatus }],
  ["RetrieveExport", { needs: { all: ["export-data"] }, run: retrieveExport }],
  ["RemoveExport", { needs: { all: ["export-data"] }, write: true, run: removeExport }],

  // Trading
  ["AddOrder", { needs: { all: ["modify-trades"] }, write: true, cost: 0, run: addOrder }],
  ["AddOrderBatch", { needs: { all: ["modify-trades", "close-trades"] }, write: true, run: addOrderBatch }],
  ["EditOrder", { needs: { all: ["modify-trades", "close-trades"] }, write: true, run: editOrder }],
  ["AmendOrder", { needs: TRADING, write: true, run: amendOrder }],
  ["CancelOrder", { needs: TRADING, write: true, cost: 0, run: cancelOrder }],
  ["CancelAll", { needs: TRADING, write: true, run: cancelAll }],
  ["CancelAllOrdersAfter", { needs: TRADING, write: true, run: cancelAllOrdersAfter }],
  ["CancelOrderBatch", { needs: TRADING, write: true, run: cancelOrderBatch }],
  ["GetWebSocketsToken", { needs: { all: ["create-ws-token"] }, run: getWebSocketsToken }],

  // Funding
  ["DepositMethods", { needs: { all: ["query-funds", "add-funds"] }, run: depositMethods }],
  ["DepositAddresses", { needs: { all: ["query-funds"] }, run: depositAddresses }],
  ["DepositStatus", { needs: { all: ["query-funds"] }, run: depositStatus }],
  ["WithdrawMethods", { needs: { all: ["query-funds", "withdraw-funds"] }, run: withdrawMethods }],
  ["WithdrawAddresses", { needs: { all: ["query-funds", "withdraw-funds"] }, run: withdrawAddresses }],
  ["WithdrawInfo", { needs: { all: ["query-funds", "withdraw-funds"] }, run: withdrawInfo }],
  ["WithdrawStatus", { needs: { any: ["withdraw-funds", "query-ledger"] }, run: withdrawStatus }],
  ["Withdraw", { needs: { all: ["withdraw-funds"] }, write: true, run: withdraw }],
  ["WithdrawCancel", { needs: { all: ["withdraw-funds"] }, write: true, run: withdrawCancel }],
  ["WalletTransfer", { needs: { all: ["query-funds"] }, write: true, run: walletTransfer }],
  ["CreateSubaccount", { needs: { all: ["withdraw-funds"] }, write: true, run: createSubaccount }],
  ["AccountTransfer", { needs: { all: ["withdraw-funds"] }, write: true, run: accountTransfer }],

  // Earn
  ["Earn/Strategies", { run: () => ({ next_cursor: null, items: [] }) }],
  ["Earn/Allocations", { needs: EARN_STATUS, run: earnAllocations }],
  ["Earn/Allocate", { needs: { all: ["earn-funds"] }, write: true, run: earnAllocate }],
  ["Earn/Deallocate", { needs: { all: ["earn-funds"] }, write: true, run: earnAllocate }],
  ["Earn/AllocateStatus", { needs: EARN_STATUS, run: earnStatus }],
  ["Earn/DeallocateStatus", { needs: EARN_STATUS, run: earnStatus }],

  // Custody, whose permissions are not published
  ["ListCustodyVaults", { run: () => [] }],
  ["ListCustodyTasks", { run: () => ({ tasks: [] }) }],
  ["GetCustodyTask", { run: custodyTask }],
]);
