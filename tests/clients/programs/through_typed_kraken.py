"""typed-kraken: Spot over REST and public Futures. Its addresses are fields of its transports."""

import asyncio
import inspect
import re

from line import Absent, serve, settings
from typed_kraken import Kraken

NAMED = {
    "GetApiKeyInfo": "api_key_info",
    "OHLC": "ohlc",
    "GetWebSocketsToken": "get_websockets_token",
    "Earn/Allocate": "allocate",
    "historical-funding-rates": "historical_funding_rates",
    "tickers/symbol": "ticker",
    "charts": "candles",
    "charts/types": "tick_types",
    "charts/markets": "markets",
    "charts/resolutions": "resolutions",
}


def snake(endpoint):
    return NAMED.get(endpoint) or re.sub(r"(?<!^)(?=[A-Z])", "_", endpoint.removeprefix("Earn/")).lower()


def opened(given):
    client = Kraken.new(api_key=given["key"], private_key=given["secret"])
    client.spot_client.base_url = given["url"]
    client.futures_client.base_url = given["url"]
    client.charts_client.base_url = given["url"]
    return client


def families(client, given):
    if given["product"] == "futures":
        return [client.charts, client.futures]
    spot = client.spot
    return [spot.market_data, spot.account, spot.trading, spot.funding, spot.earn]


def caller(found):
    async def call(endpoint, params):
        name = snake(endpoint)
        family = next((each for each in found if hasattr(each, name)), None)
        if family is None:
            raise Absent(endpoint)
        method = getattr(family, name)
        if "order_request" in inspect.signature(method).parameters:
            return await method(params)
        known = inspect.signature(method).parameters
        named = {name + "_" if name + "_" in known else name: value for name, value in params.items()}
        if unknown := [name for name in named if name not in known]:
            raise Absent(f"{endpoint} with {unknown}")
        return await method(**named)

    return call


async def main():
    given = settings()
    client = opened(given)
    async with client.spot_client, client.futures_client, client.charts_client:
        await serve({"call": caller(families(client, given))})


if __name__ == "__main__":
    asyncio.run(main())
