"""krakenex: Spot by the names of endpoints. `uri` is its address."""

import asyncio

import krakenex
from line import serve, settings

PUBLIC = {"Time", "SystemStatus", "Assets", "AssetPairs", "Ticker", "OHLC", "Depth", "GroupedBook", "Trades", "Spread", "PreTrade", "PostTrade"}


def opened(given):
    client = krakenex.API(given["key"], given["secret"])
    client.uri = given["url"]
    return client


def caller(client):
    def call(endpoint, params):
        query = client.query_public if endpoint in PUBLIC else client.query_private
        answer = query(endpoint, params, timeout=10)
        if answer["error"]:
            raise RuntimeError(", ".join(answer["error"]))
        return answer["result"]

    return call


if __name__ == "__main__":
    asyncio.run(serve({"call": caller(opened(settings()))}))
