#!/usr/bin/env bash
# Usage: KRAKEN_KEY=… KRAKEN_SECRET=… bash futures.sh /derivatives/api/v3/sendorder [symbol=PI_XBTUSD …]
# Percent-encode the values of parameters. All users of the machine can see the arguments of openssl while it runs.
set -euo pipefail

# $1 path, $2 nonce, $3 postData, exactly as sent.
authent() {
  local key
  key=$(printf %s "$KRAKEN_SECRET" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
  printf %s "$3$2${1#/derivatives}" | openssl dgst -sha256 -binary |
    openssl dgst -sha512 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A
}

path=$1
shift
# Not every date has milliseconds: in their place, that of macOS prints 3N, and others print nothing.
now=$(date +%s%3N)
[[ $now =~ ^[0-9]{13}$ ]] || now=$(date +%s)000
nonce=${NONCE:-$now}
body=$(IFS='&' && printf %s "$*")
sign=$(authent "$path" "$nonce" "$body")
${CURL:-curl} -sS -H "APIKey: $KRAKEN_KEY" -H "Nonce: $nonce" -H "Authent: $sign" --data-raw "$body" "https://futures.kraken.com$path"
