"""Clients in Python that sign and send nothing: what they would have sent is the answer. Their nonces are ours."""

import asyncio

import krakenex
import requests
from kraken.base_api import FuturesClient, SpotClient
from line import serve, settings
from typed_kraken.core.auth import Credentials, sign
from typed_kraken.core.transport.http import HttpRpcClient


class Caught(Exception):
    """A request that was about to be sent."""

    def __init__(self, request):
        self.request = request


def text(body):
    return body.decode() if isinstance(body, bytes) else body or ""


def catch(_session, prepared, **_options):
    raise Caught({"url": prepared.url, "method": prepared.method, "headers": dict(prepared.headers), "body": text(prepared.body)})


requests.Session.send = catch


def caught(send):
    try:
        send()
    except Caught as found:
        return found.request
    raise AssertionError("nothing was about to be sent")


def with_krakenex(given):
    client = krakenex.API(given["key"], given["secret"])

    def one(wanted):
        client._nonce = lambda: wanted["nonce"]
        return caught(lambda: client.query_private(wanted["endpoint"], {"nonce": "", **wanted["params"]}))

    return one


def with_python_kraken_sdk(given):
    spot = SpotClient(given["key"], given["secret"])
    futures = FuturesClient(given["key"], given["secret"])

    def one(wanted):
        spot.get_nonce = futures.get_nonce = lambda: wanted["nonce"]
        if wanted["product"] == "spot":
            uri, params = f"/0/private/{wanted['endpoint']}", {"nonce": "", **wanted["params"]}
            return caught(lambda: spot.request("POST", uri, params=params, do_json=wanted["json"]))
        names = "query_params" if wanted["method"] == "GET" else "post_params"
        return caught(lambda: futures.request(wanted["method"], wanted["path"], **{names: wanted["params"]}))

    def signature(wanted):
        if wanted["product"] == "spot":
            return spot._get_kraken_signature(wanted["path"], wanted["data"], wanted["nonce"])
        return futures._get_kraken_futures_signature(wanted["path"], wanted["data"], wanted["nonce"])

    return one, signature


class Wire:
    """In place of typed-kraken's connection."""

    async def request(self, method, url, *, content, headers):
        raise Caught({"url": url, "method": method, "headers": headers, "body": text(content)})


class Nonce:
    """In place of typed-kraken's clock."""

    async def next(self):
        return self.value


def with_typed_kraken(given):
    client = HttpRpcClient(http=Wire(), credentials=Credentials(given["key"], given["secret"]), nonce=Nonce())

    async def one(wanted):
        client.nonce.value = wanted["nonce"]
        send = client.authed_json_request if wanted["json"] else client.authed_request
        try:
            await send(f"/0/private/{wanted['endpoint']}", wanted["params"])
        except Caught as found:
            return found.request

    def signature(wanted):
        return sign(wanted["path"], wanted["nonce"], wanted["data"], given["secret"])

    return one, signature


async def main():
    given = settings()
    typed, typed_signature = with_typed_kraken(given)
    sdk, sdk_signature = with_python_kraken_sdk(given)
    requests_of = {"krakenex": with_krakenex(given), "python-kraken-sdk": sdk, "typed-kraken": typed}
    signatures_of = {"python-kraken-sdk": sdk_signature, "typed-kraken": typed_signature}

    async def signed(client, wanted):
        made = [requests_of[client](each) for each in wanted]
        return [await each if asyncio.iscoroutine(each) else each for each in made]

    def signatures(client, wanted):
        return [signatures_of[client](each) for each in wanted]

    await serve({"signed": signed, "signatures": signatures})


if __name__ == "__main__":
    asyncio.run(main())
