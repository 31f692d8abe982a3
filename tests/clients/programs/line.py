"""A client as a program: one JSON object a line comes in, one goes out."""

import asyncio
import json
import sys
from datetime import datetime
from decimal import Decimal


class Absent(Exception):
    """The client has no such call."""


def plain(value):
    """What the client made of an answer that JSON has no word for; `same` of helper.mjs reads it."""
    if isinstance(value, datetime):
        return {"$time": value.timestamp()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": bytes(value).hex()}
    raise TypeError(f"no plain value: {type(value)}")


async def answer(request, operations):
    try:
        outcome = operations[request["do"]](*request["args"])
        if asyncio.iscoroutine(outcome):
            outcome = await outcome
        return {"id": request["id"], "value": outcome}
    except Absent as absent:
        return {"id": request["id"], "absent": str(absent)}
    except Exception as error:
        return {"id": request["id"], "error": f"{type(error).__name__}: {error}"}


async def serve(operations):
    """Answers until there are no more lines; `operations` are functions by name, which may be coroutines."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await answer(json.loads(line), operations), default=plain), flush=True)


def settings():
    """What the program is started with: addresses and keys."""
    return json.loads(sys.argv[1])
