"""python-kraken-sdk, Spot and Futures over REST. `url` is its option for the address."""

import asyncio

from kraken.futures import Funding as FuturesFunding
from kraken.futures import Market as FuturesMarket
from kraken.futures import Trade as FuturesTrade
from kraken.futures import User as FuturesUser
from kraken.spot import Earn, Funding, Market, Trade, User
from line import Absent, serve, settings

RENAMED = {"from": "from_", "to": "to_", "type": "type_", "id": "id_", "format": "format_"}

# Its methods by Kraken's names, and what they call parameters otherwise.
SPOT = {
    "SystemStatus": (Market, "get_system_status", {}),
    "Assets": (Market, "get_assets", {"asset": "assets"}),
    "AssetPairs": (Market, "get_asset_pairs", {}),
    "Ticker": (Market, "get_ticker", {}),
    "OHLC": (Market, "get_ohlc", {}),
    "Depth": (Market, "get_order_book", {}),
    "Trades": (Market, "get_recent_trades", {}),
    "Spread": (Market, "get_recent_spreads", {}),
    "AddOrder": (Trade, "create_order", {"type": "side"}),
    "AddOrderBatch": (Trade, "create_order_batch", {}),
    "AmendOrder": (Trade, "amend_order", {}),
    "EditOrder": (Trade, "edit_order", {}),
    "CancelOrder": (Trade, "cancel_order", {}),
    "CancelAll": (Trade, "cancel_all_orders", {}),
    "CancelAllOrdersAfter": (Trade, "cancel_all_orders_after_x", {}),
    "CancelOrderBatch": (Trade, "cancel_order_batch", {}),
    "Balance": (User, "get_account_balance", {}),
    "BalanceEx": (User, "get_balances", {}),
    "TradeBalance": (User, "get_trade_balance", {}),
    "OpenOrders": (User, "get_open_orders", {}),
    "ClosedOrders": (User, "get_closed_orders", {}),
    "QueryOrders": (User, "get_orders_info", {}),
    "OrderAmends": (User, "get_order_amends", {}),
    "TradesHistory": (User, "get_trades_history", {}),
    "QueryTrades": (User, "get_trades_info", {}),
    "OpenPositions": (User, "get_open_positions", {}),
    "Ledgers": (User, "get_ledgers_info", {}),
    "QueryLedgers": (User, "get_ledgers", {}),
    "TradeVolume": (User, "get_trade_volume", {}),
    "AddExport": (User, "request_export_report", {}),
    "ExportStatus": (User, "get_export_report_status", {}),
    "RetrieveExport": (User, "retrieve_export", {}),
    "RemoveExport": (User, "delete_export_report", {}),
    "CreateSubaccount": (User, "create_subaccount", {}),
    "AccountTransfer": (User, "account_transfer", {}),
    "DepositMethods": (Funding, "get_deposit_methods", {}),
    "DepositAddresses": (Funding, "get_deposit_address", {}),
    "DepositStatus": (Funding, "get_recent_deposits_status", {}),
    "WithdrawMethods": (Funding, "withdraw_methods", {}),
    "WithdrawAddresses": (Funding, "withdraw_addresses", {}),
    "WithdrawInfo": (Funding, "get_withdrawal_info", {}),
    "Withdraw": (Funding, "withdraw_funds", {}),
    "WithdrawStatus": (Funding, "get_recent_withdraw_status", {}),
    "WithdrawCancel": (Funding, "cancel_withdraw", {}),
    "WalletTransfer": (Funding, "wallet_transfer", {}),
    "Earn/Allocate": (Earn, "allocate_earn_funds", {}),
    "Earn/Deallocate": (Earn, "deallocate_earn_funds", {}),
    "Earn/AllocateStatus": (Earn, "get_allocation_status", {}),
    "Earn/DeallocateStatus": (Earn, "get_deallocation_status", {}),
    "Earn/Strategies": (Earn, "list_earn_strategies", {}),
    "Earn/Allocations": (Earn, "list_earn_allocations", {}),
}

FUTURES = {
    "instruments": (FuturesMarket, "get_instruments", {}),
    "instruments/status": (FuturesMarket, "get_instruments_status", {}),
    "tickers": (FuturesMarket, "get_tickers", {}),
    "orderbook": (FuturesMarket, "get_orderbook", {}),
    "history": (FuturesMarket, "get_trade_history", {}),
    "feeschedules": (FuturesMarket, "get_fee_schedules", {}),
    "feeschedules/volumes": (FuturesMarket, "get_fee_schedules_vol", {}),
    "historical-funding-rates": (FuturesMarket, "get_historical_funding_rates", {}),
    "charts": (FuturesMarket, "get_ohlc", {"from": "from_"}),
    "charts/types": (FuturesMarket, "get_tick_types", {}),
    "charts/markets": (FuturesMarket, "get_tradeable_products", {}),
    "charts/resolutions": (FuturesMarket, "get_resolutions", {"symbol": "tradeable"}),
    "market/executions": (FuturesMarket, "get_public_execution_events", {}),
    "market/orders": (FuturesMarket, "get_public_order_events", {}),
    "market/price": (FuturesMarket, "get_public_mark_price_events", {}),
    "leveragepreferences": (FuturesMarket, "get_leverage_preference", {}),
    "PUT leveragepreferences": (FuturesMarket, "set_leverage_preference", {}),
    "pnlpreferences": (FuturesMarket, "get_pnl_preference", {}),
    "PUT pnlpreferences": (FuturesMarket, "set_pnl_preference", {}),
    "sendorder": (FuturesTrade, "create_order", {}),
    "editorder": (FuturesTrade, "edit_order", {}),
    "cancelorder": (FuturesTrade, "cancel_order", {}),
    "batchorder": (FuturesTrade, "create_batch_order", {"batchOrder": "batchorder_list"}),
    "cancelallorders": (FuturesTrade, "cancel_all_orders", {}),
    "cancelallordersafter": (FuturesTrade, "dead_mans_switch", {}),
    "fills": (FuturesTrade, "get_fills", {}),
    "orders/status": (FuturesTrade, "get_orders_status", {}),
    "accounts": (FuturesUser, "get_wallets", {}),
    "openorders": (FuturesUser, "get_open_orders", {}),
    "openpositions": (FuturesUser, "get_open_positions", {}),
    "subaccounts": (FuturesUser, "get_subaccounts", {}),
    "unwindqueue": (FuturesUser, "get_unwind_queue", {}),
    "notifications": (FuturesUser, "get_notifications", {}),
    "account-log": (FuturesUser, "get_account_log", {"from": "from_"}),
    "executions": (FuturesUser, "get_execution_events", {}),
    "orders": (FuturesUser, "get_order_events", {}),
    "triggers": (FuturesUser, "get_trigger_events", {}),
    "trading-enabled": (
        FuturesUser,
        "check_trading_enabled_on_subaccount",
        {"uid": "subaccountUid"},
    ),
    "transfer/subaccount": (FuturesFunding, "initiate_subaccount_transfer", {}),
    "transfer": (FuturesFunding, "initiate_wallet_transfer", {}),
    "withdrawal": (FuturesFunding, "initiate_withdrawal_to_spot_wallet", {}),
}


def caller(given):
    methods = FUTURES if given["product"] == "futures" else SPOT
    clients = {}

    def client(kind):
        if kind not in clients:
            clients[kind] = kind(key=given["key"], secret=given["secret"], url=given["url"])
        return clients[kind]

    def call(endpoint, params):
        if endpoint not in methods:
            raise Absent(endpoint)
        kind, method, names = methods[endpoint]
        renamed = {} if given["product"] == "futures" else RENAMED
        named = {names.get(name) or renamed.get(name) or name: value for name, value in params.items()}
        value = getattr(client(kind), method)(**named)
        return value.content if hasattr(value, "content") else value

    return call


if __name__ == "__main__":
    asyncio.run(serve({"call": caller(settings())}))
