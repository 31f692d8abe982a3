"""More broken signers in Python, beside those of broken.py. Nothing here knows how the inspector works."""

import base64
import hashlib
import hmac
import json
import sys
import textwrap
from urllib.parse import quote, quote_plus, urlencode

SECRET = "FRs+gtq09rR7OFtKj9BGhyOGS3u5vtY/EdiIBO9kD8NFtRX7w7LeJDSrX6cq1D8zmQmGkWFjksuhBvKOAWJohQ=="
ZERO = base64.b64encode(bytes([7, 9, 0] + list(range(100, 161)))).decode()
NONCE = "1700000000123456"
KEY = "Zm9yIHRlc3RzIG9ubHk6IHRoaXMgaXMgbm90IGFuIEFQSSBrZXkgLSsvKw=="


def sha256(data):
    return hashlib.sha256(data).digest()


def mac(secret, message):
    return hmac.new(base64.b64decode(secret), message, hashlib.sha512).digest()


def b64(data):
    return base64.b64encode(data).decode()


def spot(path, body, nonce=NONCE, secret=SECRET):
    return {"api": "spot", "secret": secret, "path": path, "nonce": nonce, "body": body}


def futures(path, body, secret=SECRET):
    return {"api": "futures", "secret": secret, "path": "/derivatives" + path, "nonce": NONCE, "body": body}


def hashed(request, body=None, path=None):
    body = request["body"] if body is None else body
    if request["api"] == "spot":
        return (request["nonce"] + body).encode()
    return (body + request["nonce"] + (path or request["path"].removeprefix("/derivatives"))).encode()


def finish(request, digest, path=None, secret=None):
    """The rest of a signer, after its digest."""
    start = (path or request["path"]).encode() if request["api"] == "spot" else b""
    return b64(mac(secret or request["secret"], start + digest))


ORDER = {"nonce": NONCE, "ordertype": "market", "pair": "ETHEUR", "type": "sell", "volume": 0.5, "validate": True, "close": None}
SENT = "&".join(f"{name}={quote_plus(json.dumps(value) if value in (True, None) else str(value))}" for name, value in ORDER.items())
ADD = spot("/0/private/AddOrder", SENT)
ADD_JSON = spot("/0/private/AddOrder", json.dumps(ORDER, separators=(",", ":")))
ORDERS = [{"ordertype": "limit", "price": "1.5", "type": "buy"}, {"ordertype": "market", "type": "sell"}]
BATCH = spot("/0/private/AddOrderBatch", f"nonce={NONCE}&pair=XBTUSD&orders={quote_plus(json.dumps(ORDERS))}")
STATUS = futures("/api/v3/orders/status", "orderIds=a1,b2")
SEND = futures("/api/v3/sendorder", "orderType=mkt&symbol=PF_XBTUSD&side=buy&size=2&reduceOnly=true")
CANCEL = spot("/0/private/CancelOrderBatch", f"nonce={NONCE}&orders=A,B")
ACCENTS = spot("/0/private/AddOrder", json.dumps({"nonce": NONCE, "note": "Überweisung für Zoë"}, ensure_ascii=False, separators=(",", ":")))
QUERY = spot("/0/private/Ledgers?asset=XBT&note=a%20b", f"nonce={NONCE}")
PRETTY = spot("/0/private/AddOrder", json.dumps(ORDER, indent=2).replace("\n", "\r\n"))


def with_zero(request):
    """The request with a nonce whose digest has a zero byte."""
    for nonce in range(int(NONCE), int(NONCE) + 1000):
        one = {**request, "nonce": str(nonce), "body": request["body"].replace(NONCE, str(nonce))}
        if 0 in sha256(hashed(one))[4:]:
            return one
    raise ValueError("none")


def text_of(request, body):
    return finish(request, sha256(hashed(request, body)))


def reorder(query):
    return "&".join(reversed(query.split("&")))


OTP = spot("/0/private/AddOrder", f"nonce={NONCE}&ordertype=market&pair=XBTUSD&type=buy&volume=2&otp=123456")
PRICE = spot("/0/private/AddOrder", f"nonce={NONCE}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=3")
PROXY = spot("/proxy/kraken/0/private/AddOrder", f"nonce={NONCE}&ordertype=market&pair=XBTUSD&type=buy&volume=2")


def with_hash(request, algorithm, key=None):
    """A signature with another hash function in the HMAC, or another key."""
    start = request["path"].encode() if request["api"] == "spot" else b""
    key = base64.b64decode(request["secret"]) if key is None else key
    return b64(hmac.new(key, start + sha256(hashed(request)), algorithm).digest())


def with_key(request, key):
    return with_hash(request, hashlib.sha512, key)


def with_nonce(request, nonce):
    """Another nonce in the hash only."""
    return finish(request, sha256(hashed({**request, "nonce": nonce})))


def packed(text):
    """Ruby's and Perl's pack('H*'), which takes any letter for a digit."""
    digits = [((ord(one) & 7) + 9) & 15 if one.isalpha() else ord(one) & 15 for one in text]
    return bytes(high << 4 | low for high, low in zip(digits[::2], digits[1::2]))


# (what its author did, the mistakes that it is, the requests, the signer)
SIGNERS = [
    ("base64.b64decode(secret).hex()", ["secret-as-hex"], [ADD, SEND],
     lambda r: finish(r, sha256(hashed(r)), secret=b64(base64.b64decode(r["secret"]).hex().encode()))),
    ("base64.b64encode(secret) as the key", ["secret-base64-twice"], [ADD, SEND],
     lambda r: finish(r, sha256(hashed(r)), secret=b64(base64.b64encode(r["secret"].encode())))),
    ("a shell variable for the decoded secret, which loses zero bytes", ["secret-cut-at-zero"],
     [{**ADD, "secret": ZERO}, {**SEND, "secret": ZERO}],
     lambda r: finish(r, sha256(hashed(r)), secret=b64(base64.b64decode(r["secret"]).replace(b"\0", b"")))),
    ("data['validate'] = True after signing", ["parameters-added-after-signing"], [ADD],
     lambda r: text_of(r, r["body"].replace("&validate=true", ""))),
    ("requests.post(…, data={**data, 'reduceOnly': True})", ["parameters-added-after-signing"], [SEND],
     lambda r: text_of(r, r["body"].removesuffix("&reduceOnly=true"))),
    ("urlencode({'orders': orders}) of a list", ["nested-as-text"], [BATCH],
     lambda r: text_of(r, urlencode({"nonce": NONCE, "pair": "XBTUSD", "orders": ORDERS}))),
    ("urlencode({'orders': ['A', 'B']}) signed, A,B sent", ["nested-as-text"], [CANCEL],
     lambda r: text_of(r, urlencode({"nonce": NONCE, "orders": ["A", "B"]}))),
    ("urlencode(…, doseq=True) signed, a,b sent", ["nested-as-text"], [STATUS],
     lambda r: text_of(r, urlencode({"orderIds": ["a1", "b2"]}, doseq=True))),
    ("urlencode({'validate': True, 'close': None})", ["literals-as-text"], [ADD], lambda r: text_of(r, urlencode(ORDER))),
    ("urlencode({'reduceOnly': True})", ["literals-as-text"], [SEND], lambda r: text_of(r, r["body"].replace("true", "True"))),
    ("str(dict) of the parameters of a form: True, None, single quotes", ["object-as-text"], [ADD, ADD_JSON],
     lambda r: text_of(r, str(ORDER))),
    ("f'{nonce}{body}' where body is bytes", ["body-quoted"], [ADD, BATCH],
     lambda r: finish(r, sha256(f"{r['nonce']}{r['body'].encode()}".encode()))),
    ("str(post_data) + nonce + path where post_data is bytes", ["body-quoted"], [SEND],
     lambda r: text_of(r, str(r["body"].encode()))),
    ("open(file, newline='') sent, open(file) signed", ["line-ends"], [PRETTY],
     lambda r: text_of(r, r["body"].replace("\r\n", "\n"))),
    ("the file decoded as cp1252 before it was sent", ["body-charset"],
     [{**ACCENTS, "body": ACCENTS["body"].encode().decode("cp1252")}], lambda r: text_of(r, ACCENTS["body"])),
    ("a byte order mark sent, not signed (utf-8-sig)", ["body-charset"], [{**ACCENTS, "body": "\ufeff" + ACCENTS["body"]}],
     lambda r: text_of(r, ACCENTS["body"])),
    ("the form copied from HTML, with &amp;", ["parameter-separator"], [ADD, SEND],
     lambda r: text_of(r, r["body"].replace("&", "&amp;"))),
    (".encode('ascii', 'ignore')", ["ascii"], [ACCENTS], lambda r: finish(r, sha256((r["nonce"] + r["body"]).encode("ascii", "ignore")))),
    ("nonce + '\\n' + body", ["parts-separated"], [ADD, ADD_JSON], lambda r: finish(r, sha256(f"{r['nonce']}\n{r['body']}".encode()))),
    ("path + b':' + digest", ["parts-separated"], [ADD, ADD_JSON],
     lambda r: b64(mac(r["secret"], r["path"].encode() + b":" + sha256(hashed(r))))),
    ("f'{data}&{nonce}&{path}'", ["parts-separated"], [SEND],
     lambda r: finish(r, sha256(f"{r['body']}&{r['nonce']}&/api/v3/sendorder".encode()))),
    ("'/api/v2/sendorder'", ["path-other-version"], [SEND], lambda r: finish(r, sha256(hashed(r, path="/api/v2/sendorder")))),
    ("'/2/private/AddOrder'", ["path-other-version"], [ADD], lambda r: finish(r, sha256(hashed(r)), path="/2/private/AddOrder")),
    ("the path of OpenOrders for every call", ["path-of-other-endpoint"], [ADD, BATCH],
     lambda r: finish(r, sha256(hashed(r)), path="/0/private/OpenOrders")),
    ("'/api/v3/openpositions' for every call", ["path-of-other-endpoint"], [SEND],
     lambda r: finish(r, sha256(hashed(r, path="/api/v3/openpositions")))),
    ("the query rebuilt from a dict in another order", ["query-order"], [QUERY],
     lambda r: finish(r, sha256(hashed(r)), path="/0/private/Ledgers?" + reorder("asset=XBT&note=a%20b"))),
    ("unquote(path)", ["query-encoding"], [QUERY], lambda r: finish(r, sha256(hashed(r)), path="/0/private/Ledgers?asset=XBT&note=a b")),
    ("urlencode for the query, quote for the URL", ["query-encoding"], [QUERY],
     lambda r: finish(r, sha256(hashed(r)), path="/0/private/Ledgers?" + urlencode({"asset": "XBT", "note": "a b"}))),
    ("f'{base}//private/{method}'", ["path-double-slash"], [ADD, BATCH],
     lambda r: finish(r, sha256(hashed(r)), path=r["path"].replace("/private", "//private"))),
    ("'//api/v3/sendorder'", ["path-double-slash"], [SEND], lambda r: finish(r, sha256(hashed(r, path="//api/v3/sendorder")))),
    ("str(list(digest))", ["digest-as-numbers"], [ADD, SEND], lambda r: finish(r, str(list(sha256(hashed(r)))).encode())),
    ("numpy int8 joined with commas", ["digest-as-numbers"], [ADD, SEND],
     lambda r: finish(r, ",".join(str(byte - 256 if byte > 127 else byte) for byte in sha256(hashed(r))).encode())),
    ("str(int.from_bytes(digest, 'big'))", ["digest-as-numbers"], [BATCH, SEND],
     lambda r: finish(r, str(int.from_bytes(sha256(hashed(r)), "big")).encode())),
    ("PowerShell: \"$path$digest\" of a byte array", ["digest-as-numbers"], [ADD],
     lambda r: finish(r, " ".join(map(str, sha256(hashed(r)))).encode())),
    ("C#: path + digest, which is System.Byte[]", ["digest-as-object"], [ADD, SEND], lambda r: finish(r, b"System.Byte[]")),
    ("ctypes.create_string_buffer(digest).value", ["digest-cut-at-zero"], [with_zero(ADD)],
     lambda r: finish(r, sha256(hashed(r)).split(b"\0")[0])),
    ("$(… | openssl dgst -sha256 -binary), which loses zero bytes", ["digest-cut-at-zero"], [with_zero(BATCH)],
     lambda r: finish(r, sha256(hashed(r)).replace(b"\0", b""))),
    ("hashlib.sha1", ["digest-other-hash"], [ADD], lambda r: finish(r, hashlib.sha1(hashed(r)).digest())),
    ("hashlib.new('sha512_256')", ["digest-other-hash"], [SEND], lambda r: finish(r, hashlib.new("sha512_256", hashed(r)).digest())),
    ("binascii.hexlify(message)", ["message-as-hex"], [ADD, BATCH],
     lambda r: b64(mac(r["secret"], (r["path"].encode() + sha256(hashed(r))).hex().encode()))),
    ("base64.b64encode(message)", ["message-as-hex"], [ADD],
     lambda r: b64(mac(r["secret"], base64.b64encode(r["path"].encode() + sha256(hashed(r)))))),
    ("str(list(mac))", ["output-as-numbers"], [ADD, SEND], lambda r: str(list(base64.b64decode(finish(r, sha256(hashed(r))))))),
    ("a response of «None»", ["output-as-object"], [ADD], lambda r: "None"),
    ("a VARCHAR(80)", ["output-cut"], [ADD, SEND], lambda r: finish(r, sha256(hashed(r)))[:80]),
    ("hexdigest()[:88]", ["output-cut", "output-hex"], [ADD], lambda r: base64.b64decode(finish(r, sha256(hashed(r)))).hex()[:88]),
    ("quote(quote(signature))", ["output-percent-encoded-twice"], [ADD, SEND],
     lambda r: quote(quote(finish(r, sha256(hashed(r))), safe=""), safe="")),
    ("body.encode('utf-16'), nonce.encode()", ["utf-16"], [ADD, BATCH],
     lambda r: finish(r, sha256(r["nonce"].encode() + b"\xff\xfe" + r["body"].encode("utf-16-le")))),
    ("f'{path}{digest}', which is b'…'", ["digest-as-text"], [ADD, SEND], lambda r: finish(r, str(sha256(hashed(r))).encode())),
    ("digest.decode('utf-8', 'ignore')", ["digest-as-text"], [ADD, SEND],
     lambda r: finish(r, sha256(hashed(r)).decode("utf-8", "ignore").encode())),
    ("digest.decode('cp1252')", ["digest-as-text"], [with_cp1252 for with_cp1252 in [ADD, BATCH, SEND] if not set(sha256(hashed(with_cp1252))) & {0x81, 0x8D, 0x8F, 0x90, 0x9D}],
     lambda r: finish(r, sha256(hashed(r)).decode("cp1252").encode())),
    ("sha256sum, with «  -»", ["digest-as-hex"], [ADD, SEND], lambda r: finish(r, (sha256(hashed(r)).hex() + "  -\n").encode())),
    # Mistakes that are less common.
    ("hmac.new(b'', …)", ["secret-missing"], [ADD, SEND], lambda r: with_key(r, b"")),
    ("str(os.environ.get('SECRET')).encode()", ["secret-missing"], [ADD, SEND], lambda r: with_key(r, b"None")),
    ("b64decode(str(None))", ["secret-missing"], [ADD], lambda r: with_key(r, base64.b64decode("None"))),
    ("b64decode(secret)[:32]", ["secret-cut"], [ADD, SEND], lambda r: with_key(r, base64.b64decode(r["secret"])[:32])),
    ("Ruby: [secret].pack('H*')", ["secret-decoded-as-hex"], [ADD, SEND], lambda r: with_key(r, packed(r["secret"]))),
    ("f'{nonce}{otp}{body}'", ["otp-hashed-apart"], [OTP], lambda r: finish(r, sha256((NONCE + "123456" + r["body"]).encode()))),
    ("f'{nonce}{otp}{body}', the otp added to the body after that", ["otp-hashed-apart", "otp-added-after-signing"], [OTP],
     lambda r: finish(r, sha256((NONCE + "123456" + r["body"].removesuffix("&otp=123456")).encode()))),
    ("urlencode({…, 'leverage': None}), which requests leaves out", ["parameters-not-sent"], [PRICE],
     lambda r: text_of(r, r["body"] + "&leverage=None")),
    ("urlencode({'price': float(price)})", ["number-format"], [PRICE], lambda r: text_of(r, r["body"].replace("37500&", "37500.0&"))),
    ("float() for price and volume", ["number-format"], [PRICE],
     lambda r: text_of(r, r["body"].replace("price=37500", "price=37500.0").replace("volume=3", "volume=3.0"))),
    ("str(0.00001)", ["number-format"], [{**PRICE, "body": PRICE["body"].replace("37500", "0.00001")}],
     lambda r: text_of(r, r["body"].replace("0.00001", str(0.00001)))),
    ("f'{nonce:x}'", ["nonce-notation"], [ADD, SEND], lambda r: with_nonce(r, f"{int(NONCE):x}")),
    ("hex(nonce)", ["nonce-notation"], [ADD], lambda r: with_nonce(r, hex(int(NONCE)))),
    ("f'{nonce:,}'", ["nonce-notation"], [ADD, SEND], lambda r: with_nonce(r, f"{int(NONCE):,}")),
    ("time.time_ns() // 1000 called twice, 0.5 ms apart", ["nonce-taken-twice"], [ADD, BATCH, SEND], lambda r: with_nonce(r, str(int(NONCE) + 523))),
    ("'/0/private'", ["path-shortened"], [ADD], lambda r: finish(r, sha256(hashed(r)), path="/0/private")),
    ("the URL of the proxy", ["path-with-prefix"], [PROXY], lambda r: finish(r, sha256(hashed(r)))),
    ("hashlib.sha1 in hmac.new", ["hmac-other-hash"], [ADD, SEND], lambda r: with_hash(r, hashlib.sha1)),
    ("hashlib.md5 in hmac.new", ["hmac-other-hash"], [BATCH], lambda r: with_hash(r, hashlib.md5)),
    ("hashlib.sha384 in hmac.new", ["hmac-other-hash"], [ADD], lambda r: with_hash(r, hashlib.sha384)),
    ("binascii.hexlify in lines of 60", ["digest-as-hex"], [ADD, SEND],
     lambda r: finish(r, ("\n".join(textwrap.wrap(sha256(hashed(r)).hex(), 60)) + "\n").encode())),
    ("urlsafe_b64encode(digest)", ["digest-as-base64"], [ADD, BATCH, SEND], lambda r: finish(r, base64.urlsafe_b64encode(sha256(hashed(r))))),
]

for did, mistakes, requests, sign in SIGNERS:
    for request in requests:
        case = {"language": "Python", "request": request["path"], "did": [did], "mistakes": mistakes}
        json.dump({**case, "input": {"key": KEY, **request, "signature": sign(request)}}, sys.stdout, ensure_ascii=False)
        print()
