import base64
import hashlib
import hmac
import time
import urllib.parse
import urllib.request


def authent(secret: str, path: str, post_data: str, nonce: str = "") -> str:
    """`post_data` is the text exactly as sent: the query of a GET, or the body of a POST."""
    endpoint_path = path.removeprefix("/derivatives")
    digest = hashlib.sha256((post_data + nonce + endpoint_path).encode()).digest()
    mac = hmac.new(base64.b64decode(secret, validate=True), digest, hashlib.sha512)
    return base64.b64encode(mac.digest()).decode()


def request(key: str, secret: str, path: str, params: dict) -> urllib.request.Request:
    nonce = str(time.time_ns() // 1_000_000)
    body = urllib.parse.urlencode(params)
    headers = {
        "APIKey": key,
        "Nonce": nonce,
        "Authent": authent(secret, path, body, nonce),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return urllib.request.Request("https://futures.kraken.com" + path, data=body.encode(), headers=headers)
