// An exchange inside a Worker, at module scope, as the tests of somebody's Worker would have it.
import { Exchange } from "kraken-signer/testing";

const utf8 = new TextEncoder();
// Given, not generated: Workers have no random values at module scope.
const SECRET = btoa("0123456789abcdef".repeat(4));
const exchange = new Exchange();
const key = exchange.addKey({ key: "worker", secret: SECRET, nonceWindow: 1000 });

const digest = crypto.subtle.digest.bind(crypto.subtle);
let hang = false;
crypto.subtle.digest = async (...args) => {
  if (hang) {
    hang = false;
    await new Promise((resolve) => setTimeout(resolve, 4000));
  }
  return await digest(...args);
};

async function call(endpoint, nonce) {
  const path = `/0/private/${endpoint}`;
  const body = `nonce=${nonce}`;
  const hash = new Uint8Array(await digest("SHA-256", utf8.encode(nonce + body)));
  const hmac = await crypto.subtle.importKey(
    "raw",
    Uint8Array.from(atob(SECRET), (c) => c.charCodeAt(0)),
    { name: "HMAC", hash: "SHA-512" },
    false,
    ["sign"],
  );
  const mac = await crypto.subtle.sign("HMAC", hmac, new Uint8Array([...utf8.encode(path), ...hash]));
  const response = await exchange.fetch(`https://api.kraken.com${path}`, {
    method: "POST",
    headers: { "API-Key": key.key, "API-Sign": btoa(String.fromCharCode(...new Uint8Array(mac))) },
    body,
  });
  return await response.json();
}

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    // While its signature is checked this request is cancelled, and never ends its turn.
    if (pathname === "/hang") hang = true;
    return Response.json(await call("Balance", searchParams.get("nonce")));
  },
};
