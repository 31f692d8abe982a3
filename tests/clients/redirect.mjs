// Loaded before a program that calls Kraken with node:https: its requests go to KRAKEN_URL.
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { urlToHttpOptions } from "node:url";

const { protocol, hostname, port } = new URL(process.env.KRAKEN_URL);

/** The arguments of `https.request`, an address and options or only options, as one object. */
const optionsOf = (given) => Object.assign({}, ...given.map((part) => (part instanceof URL ? urlToHttpOptions(part) : part)));

https.request = (...given) => {
  const then = given.find((part) => typeof part === "function");
  const options = optionsOf(given.filter((part) => part !== then));
  return http.request({ ...options, protocol, hostname, host: hostname, port, agent: undefined }, then);
};
syncBuiltinESMExports();
