"""python-kraken-sdk over WebSockets, Spot v2 and Futures. Its addresses are options; TLS, which Futures fixes, is left out from outside."""

import asyncio

import kraken.futures.websocket
from kraken.futures import FuturesWSClient
from kraken.spot import SpotWSClient
from line import serve, settings

received = []


async def on_message(message):
    received.append(message)


async def answer_to(req_id):
    for _ in range(1000):
        if found := next((each for each in received if each.get("req_id") == req_id), None):
            return found
        await asyncio.sleep(0.01)
    raise TimeoutError("no answer has come")


def spot_operations(client):
    ids = iter(range(1, 1_000_000))

    async def ask(method, params):
        req_id = next(ids)
        await client.send_message({"method": method, "params": params, "req_id": req_id})
        answer = await answer_to(req_id)
        if not answer.get("success", True):
            raise RuntimeError(answer["error"])
        return answer if method == "batch_cancel" else answer.get("result", answer)

    async def subscribe(channel, params):
        return await ask("subscribe", {"channel": channel, **params})

    return {"send": ask, "subscribe": subscribe, "received": lambda: received}


def futures_operations(client):
    async def subscribe(feed, products):
        await client.subscribe(feed=feed, products=products)

    return {"subscribe": subscribe, "received": lambda: received}


def without_tls(connect):
    return lambda address, **options: connect(address.replace("wss://", "ws://"), **options)


async def main():
    given = settings()
    credentials = {"key": given["key"], "secret": given["secret"], "callback": on_message}
    if given["product"] == "futures":
        kraken.futures.websocket.connect = without_tls(kraken.futures.websocket.connect)
        client = FuturesWSClient(url=given["socketUrl"].removeprefix("ws://") + "/ws/v1", **credentials)
        operations = futures_operations(client)
    else:
        addresses = {"rest_url": given["url"], "ws_url": given["socketUrl"], "auth_ws_url": given["socketUrl"]}
        client = SpotWSClient(**addresses, **credentials)
        operations = spot_operations(client)
    await client.start()
    await serve(operations)
    await client.close()


if __name__ == "__main__":
    asyncio.run(main())
