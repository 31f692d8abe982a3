import base64, hashlib, hmac, json, os, time, urllib.parse, urllib.request

url, key, secret = (os.environ[name] for name in ("KRAKEN_URL", "KRAKEN_KEY", "KRAKEN_SECRET"))


def call(endpoint, **params):
    path = f"/0/private/{endpoint}"
    nonce = str(time.time_ns() // 1_000_000)
    body = urllib.parse.urlencode({"nonce": nonce, **params})
    message = path.encode() + hashlib.sha256((nonce + body).encode()).digest()
    signature = hmac.new(base64.b64decode(secret), message, hashlib.sha512).digest()
    headers = {"API-Key": key, "API-Sign": base64.b64encode(signature).decode()}
    request = urllib.request.Request(url + path, body.encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        answer = json.load(response)
    if answer["error"]:
        raise SystemExit(", ".join(answer["error"]))
    return answer["result"]


order = call("AddOrder", pair="XBTUSD", type="buy", ordertype="limit", price="37500", volume="0.1")
print(order["txid"][0])
