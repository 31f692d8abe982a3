"""Broken signers, by hand: each piece is a mistake as it is made in Python. Prints every case as JSON, one a line.

Nothing here knows how the inspector works. A case is a request, the pieces its signer has wrong, and the signature that
comes of it. A piece names the mistakes that it is; where it is two at once, it says two.
"""

import base64
import hashlib
import hmac
import itertools
import json
import os
import random
import sys
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlencode

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "requests.json"), encoding="utf-8") as file:
    DATA = json.load(file)


class Call:
    """A request, and the right way to do each step; a broken signer has some of these replaced."""

    def __init__(self, request):
        self.__dict__.update(request)
        self.key_id = DATA["key"]
        self.params = [tuple(pair) for pair in request["params"]]
        self.sent = self.encode(self.params)

    def encode(self, params):
        if self.format == "json":
            return json.dumps(dict(params), separators=(",", ":"), ensure_ascii=False)
        return urlencode(params)

    def key(self):
        return base64.b64decode(self.secret)

    def prefix(self):
        return self.nonce

    def body(self):
        return self.sent

    def target(self):
        return self.path.removeprefix("/derivatives")

    def charset(self, text):
        return text.encode()

    def hashed(self):
        if self.api == "spot":
            return self.prefix() + self.body()
        return self.body() + self.prefix() + self.target()

    def digest(self, data):
        return hashlib.sha256(data).digest()

    def message(self, digest):
        return self.target().encode() + digest if self.api == "spot" else digest

    def mac(self, key, message):
        return hmac.new(key, message, hashlib.sha512).digest()

    def write(self, mac):
        return base64.b64encode(mac).decode()

    def sign(self):
        return self.write(self.mac(self.key(), self.message(self.digest(self.charset(self.hashed())))))


SPOT = {"api": "spot"}
FUTURES = {"api": "futures"}
FORM = {"format": "form"}
JSON = {"format": "json"}


def has(name):
    return lambda call: any(key == name for key, _ in call.params)


def several(call):
    return len(call.params) > 2


def without(name):
    return lambda call: call.encode([pair for pair in call.params if pair[0] != name])


# (stage, the mistakes that it is, where it applies, what the author did, the broken step)
PIECES = [
    ("key", ["secret-as-text"], {}, "hmac.new(secret.encode(), …)", lambda c: c.secret.encode()),
    ("key", ["secret-bytes-as-text"], {}, "b64decode(secret).decode('latin-1')", lambda c: base64.b64decode(c.secret).decode("latin-1").encode()),
    ("key", ["secret-cut"], {}, "secret[:-4] pasted without its end", lambda c: base64.b64decode(c.secret[: len(c.secret) - 4])),
    ("key", ["secret-as-text", "secret-white-space"], {}, "open('secret').read() with its line break", lambda c: (c.secret + "\n").encode()),
    ("key", ["key-and-secret-swapped"], {}, "api_key in place of api_secret", lambda c: base64.b64decode(c.key_id)),
    ("key", ["key-and-secret-swapped", "secret-as-text"], {}, "api_key.encode()", lambda c: c.key_id.encode()),
    ("key", ["secret-as-text", "secret-url-safe"], {"plus": True}, "secret.translate(url_safe).encode()", lambda c: c.secret.replace("+", "-").replace("/", "_").encode()),
    ("prefix", ["nonce-differs"], SPOT, "time.time() taken again, for the hash", lambda c: str(int(c.nonce) + 4711)),
    ("prefix", ["nonce-taken-twice"], {}, "get_nonce() called twice", lambda c: str(int(c.nonce) + 2)),
    ("prefix", ["nonce-unit"], {}, "nonce // 1000", lambda c: str(int(c.nonce) // 1000)),
    ("prefix", ["nonce-unit"], {}, "nonce * 1000", lambda c: str(int(c.nonce) * 1000)),
    ("prefix", ["nonce-as-number"], {}, "str(float(nonce))", lambda c: str(float(c.nonce))),
    ("prefix", ["nonce-as-number"], {"digits": 13}, "str(nonce / 1000)", lambda c: str(int(c.nonce) / 1000)),
    ("prefix", ["nonce-quoted"], {}, "json.dumps(nonce)", lambda c: json.dumps(c.nonce)),
    ("body", ["body-missing"], {}, "the body forgotten", lambda c: ""),
    ("body", ["parameters-missing"], {**SPOT, "when": several}, "urlencode({'nonce': nonce})", lambda c: c.encode([p for p in c.params if p[0] == "nonce"])),
    ("body", ["otp-added-after-signing"], {"when": has("otp")}, "data['otp'] = … after signing", without("otp")),
    ("body", ["nonce-not-in-body"], {**SPOT, "when": several}, "data['nonce'] = … after signing", without("nonce")),
    ("body", ["parameter-order"], {"when": several}, "sorted(data.items())", lambda c: c.encode(sorted(c.params))),
    ("body", ["parameter-order"], {"when": several}, "the nonce appended last", lambda c: c.encode(c.params[1:] + c.params[:1])),
    ("body", ["json-instead-of-form"], FORM, "json.dumps(data)", lambda c: json.dumps(dict(c.params))),
    ("body", ["json-instead-of-form"], FORM, "json.dumps(data, separators=(',', ':'))", lambda c: json.dumps(dict(c.params), separators=(",", ":"), ensure_ascii=False)),
    ("body", ["form-instead-of-json"], {**JSON, "flat": True}, "urlencode(data)", lambda c: urlencode(c.params)),
    ("body", ["json-spacing"], JSON, "json.dumps(data, ensure_ascii=False)", lambda c: json.dumps(dict(c.params), ensure_ascii=False)),
    ("body", ["json-spacing"], JSON, "json.dumps(data, indent=4)", lambda c: json.dumps(dict(c.params), ensure_ascii=False, indent=4)),
    ("body", ["json-escapes"], {**JSON, "accents": True}, "json.dumps(data, separators=…) with \\u", lambda c: json.dumps(dict(c.params), separators=(",", ":"))),
    ("body", ["json-spacing", "json-escapes"], {**JSON, "accents": True}, "json.dumps(data)", lambda c: json.dumps(dict(c.params))),
    ("body", ["json-encoded-twice"], JSON, "json.dumps(json.dumps(data))", lambda c: json.dumps(c.sent, ensure_ascii=False)),
    ("body", ["json-number-or-string"], {**JSON, "flat": True}, "{k: str(v) for k, v in data.items()}", lambda c: c.encode([(k, str(v)) for k, v in c.params])),
    ("body", ["json-number-or-string"], JSON, "data['nonce'] = int(nonce)", lambda c: c.encode([(k, int(v) if k == "nonce" else v) for k, v in c.params])),
    ("body", ["object-as-text"], {}, "str(data)", lambda c: str(dict(c.params))),
    ("body", ["body-decoded"], {**FORM, "when": several}, "unquote_plus(body)", lambda c: unquote_plus(c.sent)),
    ("body", ["body-decoded"], {**FORM, "when": several}, "'&'.join(f'{k}={v}')", lambda c: "&".join(f"{k}={v}" for k, v in c.params)),
    ("body", ["space-encoding"], {**FORM, "when": several}, "urlencode(data, quote_via=quote)", lambda c: urlencode(c.params, quote_via=quote)),
    ("body", ["body-escapes"], {**FORM, **SPOT, "when": several}, "urlencode(data, safe='/')", lambda c: urlencode(c.params, safe="/")),
    ("body", ["body-escapes"], {**FORM, **SPOT, "when": several}, "urlencode(data, safe='[],:')", lambda c: urlencode(c.params, safe="[],:")),
    ("body", ["body-encoded-twice"], {**FORM, "when": several}, "urlencode of quoted values", lambda c: urlencode([(quote_plus(k), quote_plus(v)) for k, v in c.params])),
    ("body", ["trailing-newline"], {}, "body + '\\n'", lambda c: c.sent + "\n"),
    ("body", ["leading-question-mark"], FORM, "'?' + urlencode(data)", lambda c: "?" + c.sent),
    ("charset", ["utf-16"], {}, ".encode('utf-16-le')", lambda c, text: text.encode("utf-16-le")),
    ("charset", ["utf-16"], {}, ".encode('utf-16')", lambda c, text: b"\xff\xfe" + text.encode("utf-16-le")),
    ("charset", ["latin-1"], JSON, ".encode('latin-1')", lambda c, text: text.encode("latin-1", "replace")),
    ("target", ["path-without-version"], SPOT, "'/private/…'", lambda c: c.path.removeprefix("/0")),
    ("target", ["path-shortened"], SPOT, "the method name alone", lambda c: c.path.split("/")[-1]),
    ("target", ["path-shortened"], FUTURES, "'/sendorder'", lambda c: "/" + c.path.split("/")[-1]),
    ("target", ["path-without-query"], {"query": True}, "urlparse(url).path", lambda c: c.path.split("?")[0]),
    ("target", ["path-with-host"], SPOT, "the whole URL", lambda c: "https://api.kraken.com" + c.path),
    ("target", ["path-with-host"], FUTURES, "the whole URL", lambda c: "https://futures.kraken.com" + c.path),
    ("target", ["path-with-derivatives"], FUTURES, "/derivatives left in", lambda c: c.path),
    ("target", ["path-case"], {}, "path.lower()", lambda c: (c.path.removeprefix("/derivatives")).lower() if c.api == "spot" else c.path.removeprefix("/derivatives").upper()),
    ("target", ["path-trailing-slash"], {"query": False}, "path + '/'", lambda c: c.path.removeprefix("/derivatives") + "/"),
    ("target", ["path-without-slash"], {}, "path.lstrip('/')", lambda c: c.path.removeprefix("/derivatives").lstrip("/")),
    ("target", ["path-with-method"], {}, "'POST' + path", lambda c: "POST" + c.path.removeprefix("/derivatives")),
    ("target", ["path-with-query"], {"query": False, "when": several}, "path + '?' + body", lambda c: c.path.removeprefix("/derivatives") + "?" + c.sent),
    ("hashed", ["nonce-missing"], SPOT, "sha256(body)", lambda c: c.body()),
    ("hashed", ["nonce-missing"], FUTURES, "sha256(postData + path)", lambda c: c.body() + c.target()),
    ("hashed", ["hash-order"], SPOT, "body + nonce", lambda c: c.body() + c.prefix()),
    ("hashed", ["hash-order"], FUTURES, "path + nonce + postData", lambda c: c.target() + c.prefix() + c.body()),
    ("hashed+message", ["path-in-hash"], SPOT, "sha256(path + nonce + body)", (lambda c: c.target() + c.prefix() + c.body(), lambda c, digest: digest)),
    ("hashed+message", ["scheme-of-futures"], SPOT, "the Futures scheme", (lambda c: c.body() + c.prefix() + c.target(), lambda c, digest: digest)),
    ("hashed+message", ["scheme-of-spot"], FUTURES, "the Spot scheme", (lambda c: c.prefix() + c.body(), lambda c, digest: c.target().encode() + digest)),
    ("hashed+message", ["path-missing"], FUTURES, "postData + nonce", (lambda c: c.body() + c.prefix(), lambda c, digest: digest)),
    ("digest", ["digest-as-hex"], {}, "hexdigest().encode()", lambda c, data: hashlib.sha256(data).hexdigest().encode()),
    ("digest", ["digest-as-base64"], {}, "b64encode(digest)", lambda c, data: base64.b64encode(hashlib.sha256(data).digest())),
    ("digest", ["digest-as-text"], {}, "digest.decode('latin-1')", lambda c, data: hashlib.sha256(data).digest().decode("latin-1").encode()),
    ("digest", ["digest-sha512"], {}, "hashlib.sha512", lambda c, data: hashlib.sha512(data).digest()),
    ("digest", ["digest-twice"], {}, "sha256(sha256(…))", lambda c, data: hashlib.sha256(hashlib.sha256(data).digest()).digest()),
    ("digest", ["hash-missing"], {}, "no sha256 at all", lambda c, data: data),
    ("message", ["path-missing"], SPOT, "the digest alone", lambda c, digest: digest),
    ("message", ["path-after-digest"], SPOT, "digest + path", lambda c, digest: digest + c.target().encode()),
    ("mac", ["hmac-sha256"], {}, "hashlib.sha256 in hmac.new", lambda c, key, message: hmac.new(key, message, hashlib.sha256).digest()),
    ("mac", ["hmac-arguments-swapped"], {}, "hmac.new(message, key, …)", lambda c, key, message: hmac.new(message, key, hashlib.sha512).digest()),
    ("mac", ["hash-instead-of-hmac"], {}, "sha512(key + message)", lambda c, key, message: hashlib.sha512(key + message).digest()),
    ("write", ["output-hex"], {}, "hexdigest()", lambda c, mac: mac.hex()),
    ("write", ["output-base64-of-hex"], {}, "b64encode(hexdigest().encode())", lambda c, mac: base64.b64encode(mac.hex().encode()).decode()),
    ("write", ["output-url-safe"], {}, "urlsafe_b64encode", lambda c, mac: base64.urlsafe_b64encode(mac).decode()),
    ("write", ["output-white-space"], {}, "base64.encodebytes", lambda c, mac: base64.encodebytes(mac).decode()),
    ("write", ["output-quoted"], {}, "str(b64encode(…))", lambda c, mac: str(base64.b64encode(mac))),
    ("write", ["output-percent-encoded"], {}, "quote(signature)", lambda c, mac: quote(base64.b64encode(mac).decode(), safe="")),
    ("write", ["output-base64-twice"], {}, "b64encode(b64encode(…))", lambda c, mac: base64.b64encode(base64.b64encode(mac)).decode()),
    ("write", ["output-bytes-as-text"], {}, "digest.decode('latin-1')", lambda c, mac: base64.b64encode(mac.decode("latin-1").encode()).decode()),
]


def applies(conditions, call):
    tests = {
        "api": lambda wanted: call.api == wanted,
        "format": lambda wanted: call.format == wanted,
        "when": lambda test: test(call),
        "plus": lambda _: "+" in call.secret or "/" in call.secret,
        "flat": lambda _: all(not isinstance(value, list) for _, value in call.params),
        "accents": lambda _: not call.sent.isascii(),
        "digits": lambda count: len(call.nonce) == count,
        "query": lambda wanted: ("?" in call.path) == wanted,
    }
    return all(tests[name](wanted) for name, wanted in conditions.items())


def broken(request, pieces):
    call = Call(request)
    for stage, _, _, _, step in pieces:
        for name, part in zip(stage.split("+"), step if isinstance(step, tuple) else (step,)):
            setattr(call, name, part.__get__(call))
    return call


def case(request, pieces):
    call = broken(request, pieces)
    signature = call.sign()
    # A piece is a mistake only if the signature is another one without it.
    fewer = [subset for count in range(len(pieces)) for subset in itertools.combinations(pieces, count)]
    pieces = next((subset for subset in fewer if broken(request, subset).sign() == signature), pieces)
    mistakes = [mistake for piece in pieces for mistake in piece[1]]
    nonce = request["nonce"]
    return {
        "language": "Python",
        "request": request["name"],
        "did": [piece[3] for piece in pieces],
        "mistakes": mistakes,
        "input": {
            "api": call.api,
            "key": DATA["key"],
            "secret": call.secret,
            "path": call.path,
            # The one its author believes in.
            "nonce": str(int(nonce) + 4711) if "nonce-differs" in mistakes else nonce,
            "body": call.sent,
            "signature": signature,
        },
    }


def cases():
    chance = random.Random(7)
    for request in DATA["requests"]:
        here = [piece for piece in PIECES if applies(piece[2], Call(request))]
        for piece in here:
            yield case(request, [piece])
        for count, wanted in ((2, 50), (3, 8)):
            found = 0
            while found < wanted:
                pieces = chance.sample(here, count)
                stages = [stage for piece in pieces for stage in piece[0].split("+")]
                mistakes = [mistake for piece in pieces for mistake in piece[1]]
                if len(set(stages)) < len(stages) or len(set(mistakes)) != len(mistakes) or len(mistakes) > 3:
                    continue
                found += 1
                yield case(request, sorted(pieces, key=PIECES.index))


for made in cases():
    json.dump(made, sys.stdout, ensure_ascii=False)
    print()
