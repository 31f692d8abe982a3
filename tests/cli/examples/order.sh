set -euo pipefail
path=/0/private/AddOrder
nonce=$(date +%s)000
body="nonce=$nonce&pair=XBTUSD&type=buy&ordertype=limit&price=37500&volume=0.1"
# Everybody on this machine can read the arguments of openssl: this is for secrets that are worth nothing.
secret=$(printf %s "$KRAKEN_SECRET" | base64 -d | od -An -v -tx1 | tr -d ' \n')
signature=$({ printf %s "$path"; printf %s "$nonce$body" | openssl dgst -sha256 -binary; } |
  openssl dgst -sha512 -mac HMAC -macopt "hexkey:$secret" -binary | base64 | tr -d '\n')
curl --silent --show-error --fail "$KRAKEN_URL$path" \
  --header "API-Key: $KRAKEN_KEY" --header "API-Sign: $signature" --data "$body"
