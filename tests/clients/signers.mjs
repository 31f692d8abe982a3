// Clients that sign and send nothing: `signed(requests)` is what each would have sent, as `{ url, method, headers, body }`, and
// `signatures(bytes)`, where a client has a function for that, its signatures of bytes that are somebody else's. Their nonces are ours.
import { createRequire } from "node:module";
import { startPython } from "./python.mjs";

const require = createRequire(import.meta.url);

async function ccxtSigner({ key, secret }) {
  const { default: ccxt } = await import("ccxt");
  const spot = new ccxt.kraken({ apiKey: key, secret });
  const futures = new ccxt.krakenfutures({ apiKey: key, secret });
  const one = ({ product, endpoint, method, params, nonce }) => {
    if (product === "futures") return futures.sign(endpoint, "private", method, params);
    spot.nonce = () => nonce;
    return spot.sign(endpoint, "private", "POST", params);
  };
  return { signed: async (wanted) => wanted.map(one), close: () => Promise.all([spot.close(), futures.close()]) };
}

async function nodeKrakenApiSigner({ key, secret }) {
  const { _Authenticator: Authenticator, _prepareRequest: prepare } = require("node-kraken-api");
  const authenticator = new Authenticator(key, secret);
  const one = ({ endpoint, params, nonce }) => {
    const { requestOptions, postdata } = prepare(endpoint, { nonce, ...params }, "private", () => nonce, authenticator);
    const { hostname, path, method, headers } = requestOptions;
    return { url: `https://${hostname}${path}`, method, headers, body: postdata };
  };
  return {
    signed: async (wanted) => wanted.map(one),
    signatures: async (wanted) => wanted.map(({ path, data, nonce }) => authenticator.signedHeaders(path, data, nonce)["API-Sign"]),
  };
}

/** kraken-api loads `got` to send; here that catches. */
async function krakenApiSigner({ key, secret }) {
  const [library, sender] = [require.resolve("kraken-api"), require.resolve("got")];
  const [before, beforeLibrary] = [require.cache[sender], require.cache[library]];
  require.cache[sender] = {
    id: sender,
    filename: sender,
    loaded: true,
    exports: (url, options) => caught.push({ url, ...options }) && { body: "{}" },
  };
  delete require.cache[library];
  const Client = require("kraken-api");
  require.cache[sender] = before;
  require.cache[library] = beforeLibrary;
  const caught = [];
  const client = new Client(key, secret);
  return {
    async signed(wanted) {
      for (const { endpoint, params, nonce } of wanted) await client.privateMethod(endpoint, { nonce, ...params });
      return caught
        .splice(0)
        .map((request) => ({ ...request, headers: { ...request.headers, "Content-Type": "application/x-www-form-urlencoded" } }));
    },
  };
}

const pythonSigner = (name, hasSignatures) => async (given) => {
  const { ask, close } = startPython("signs", given);
  return {
    signed: (wanted) => ask("signed", name, wanted),
    ...(hasSignatures ? { signatures: (wanted) => ask("signatures", name, wanted) } : {}),
    close,
  };
};

const FUTURES = ["Futures GET", "Futures POST", "Futures batch", "Futures lists"];

/** `same`: kinds of which a request without unusual characters has to be ours byte for byte. */
export const SIGNERS = [
  {
    name: "ccxt",
    open: ccxtSigner,
    kinds: ["Spot form", "Spot JSON", ...FUTURES],
    same: ["Spot form", "Spot JSON", "Futures GET", "Futures POST", "Futures lists"],
  },
  { name: "node-kraken-api", open: nodeKrakenApiSigner, kinds: ["Spot form"], same: ["Spot form"] },
  { name: "kraken-api", open: krakenApiSigner, kinds: ["Spot form"], same: ["Spot form"] },
  { name: "krakenex", python: true, open: pythonSigner("krakenex"), kinds: ["Spot form"], same: ["Spot form"] },
  {
    name: "python-kraken-sdk",
    python: true,
    open: pythonSigner("python-kraken-sdk", true),
    kinds: ["Spot form", "Spot JSON", ...FUTURES],
    same: ["Spot form", "Futures GET", "Futures POST", "Futures lists"],
  },
  { name: "typed-kraken", python: true, open: pythonSigner("typed-kraken", true), kinds: ["Spot form", "Spot JSON"], same: ["Spot form"] },
];
