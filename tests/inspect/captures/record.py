"""Records the logs of Python's requests in this folder. Run it where requests is installed: `python record.py FOLDER`."""

import base64
import contextlib
import hashlib
import hmac
import http.client
import io
import json
import logging
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests

SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
PATH = "/0/private/AddOrder"
BODY = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"


class Kraken(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = b'{"error":["EAPI:Invalid signature"]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def sign(mistake):
    key = SECRET.encode() if mistake == "secret-as-text" else base64.b64decode(SECRET)
    digest = hashlib.sha256(("" if mistake == "nonce-missing" else "1616492376594").encode() + BODY.encode()).digest()
    return base64.b64encode(hmac.new(key, PATH.encode() + digest, hashlib.sha512).digest()).decode()


server = HTTPServer(("127.0.0.1", 18444), Kraken)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:18444{PATH}"
fields = dict(pair.split("=") for pair in BODY.split("&"))
folder = sys.argv[1]


def record(name, mistake, work):
    printed, logged = io.StringIO(), io.StringIO()
    logging.basicConfig(stream=logged, level=logging.DEBUG, force=True)
    headers = {"API-Key": "an-example-of-a-key", "API-Sign": sign(mistake)}
    with contextlib.redirect_stdout(printed):
        work(headers)
    with open(f"{folder}/requests-{requests.__version__}-{name}.txt", "w") as file:
        file.write(printed.getvalue() + logged.getvalue())


def with_debuglevel(headers):
    http.client.HTTPConnection.debuglevel = 1
    requests.post(url, headers=headers, data=fields)
    http.client.HTTPConnection.debuglevel = 0


def prepared_of(headers):
    return requests.Request("POST", url, headers=headers, data=fields).prepare()


def printed_lines(headers):
    prepared = prepared_of(headers)
    print(prepared.method, prepared.url)
    print(prepared.headers)
    print(prepared.body)


def printed_dict(headers):
    print(vars(prepared_of(headers)))


def pretty(headers):
    prepared = prepared_of(headers)
    lines = "\r\n".join(f"{name}: {value}" for name, value in prepared.headers.items())
    print(f"-----------START-----------\n{prepared.method} {prepared.url}\r\n{lines}\r\n\r\n{prepared.body}")


def separate(headers):
    response = requests.post(url, headers=headers, data=fields)
    print("URL:", response.request.url)
    print("Headers:", dict(response.request.headers))
    print("Body:", response.request.body)
    print("Response:", json.loads(response.text))


record("debuglevel", "secret-as-text", with_debuglevel)
record("urllib3", "secret-as-text", lambda headers: requests.post(url, headers=headers, data=fields))
record("lines", "nonce-missing", printed_lines)
record("vars", "nonce-missing", printed_dict)
record("pretty", "secret-as-text", pretty)
record("separate", "nonce-missing", separate)
