import base64
import hashlib
import hmac
import time
import urllib.parse
import urllib.request


def api_sign(secret: str, path: str, nonce: str, body: str) -> str:
    """`body` is the text exactly as sent, including the nonce."""
    digest = hashlib.sha256((nonce + body).encode()).digest()
    mac = hmac.new(base64.b64decode(secret, validate=True), path.encode() + digest, hashlib.sha512)
    return base64.b64encode(mac.digest()).decode()


def request(key: str, secret: str, path: str, params: dict) -> urllib.request.Request:
    nonce = str(time.time_ns() // 1_000_000)
    body = urllib.parse.urlencode({"nonce": nonce, **params})
    headers = {
        "API-Key": key,
        "API-Sign": api_sign(secret, path, nonce, body),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return urllib.request.Request("https://api.kraken.com" + path, data=body.encode(), headers=headers)
