"""Records the logs of HTTPie and aiohttp in this folder. Run it where both are installed: `python record_more.py FOLDER`."""

import asyncio
import base64
import hashlib
import hmac
import importlib.metadata
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import aiohttp

# The key of Kraken's documentation, whose text is the HMAC key here.
SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
PATH = "/0/private/AddOrder"
BODY = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"
SIGN = base64.b64encode(
    hmac.new(SECRET.encode(), PATH.encode() + hashlib.sha256(("1616492376594" + BODY).encode()).digest(), hashlib.sha512).digest()
).decode()
HEADERS = {"API-Key": "an-example-of-a-key", "API-Sign": SIGN, "Content-Type": "application/x-www-form-urlencoded"}


class Kraken(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = b'{"error":["EAPI:Invalid signature"]}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 18444), Kraken)
threading.Thread(target=server.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:18444{PATH}"


def write(package, part, text):
    version = importlib.metadata.version(package)
    with open(f"{sys.argv[1]}/{package}-{version}-{part}.txt", "w") as file:
        file.write(text.rstrip() + "\n")


fields = [f"{name}:{value}" for name, value in HEADERS.items()]
command = [sys.executable, "-m", "httpie", "--verbose", "--pretty=none", "--ignore-stdin", "--raw", BODY, "POST", URL, *fields]
write("httpie", "verbose", subprocess.run(command, capture_output=True, text=True, check=True).stdout)


async def with_aiohttp():
    async with aiohttp.ClientSession() as session, session.post(URL, data=BODY, headers=HEADERS) as response:
        write("aiohttp", "info-alone", str(response.request_info))
        write("aiohttp", "info", f"{response.request_info}\nbody: {BODY}\n{await response.text()}")


asyncio.run(with_aiohttp())
