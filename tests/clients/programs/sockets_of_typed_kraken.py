"""typed-kraken over WebSockets. Its addresses are constants, which are replaced from outside."""

import asyncio

import typed_kraken.core.base as base
from line import Absent, serve, settings
from typed_kraken import Kraken

received = []
tasks = []


def operations(client):
    async def listen(channel, stream):
        async for message in stream:
            received.append({"channel": channel, **message})

    async def subscribe(channel, params):
        family = next((each for each in (client.streams.market_data, client.streams.private) if hasattr(each, channel)), None)
        if family is None:
            raise Absent(channel)
        stream = await getattr(family, channel)(**params)
        tasks.append(asyncio.create_task(listen(channel, stream)))

    async def send(method, params):
        call = getattr(client.trading_ws, method, None)
        if call is None:
            raise Absent(method)
        return await (call(params) if method == "add_order" else call(**params))

    return {"subscribe": subscribe, "send": send, "received": lambda: received}


async def main():
    given = settings()
    base.SPOT_API_URL = given["url"]
    base.SPOT_WS_URL = base.SPOT_WS_AUTH_URL = given["socketUrl"] + "/v2"
    async with Kraken.new(api_key=given["key"], private_key=given["secret"]) as client:
        await serve(operations(client))
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
