// Records the logs in this folder, once for each version of a library. Run it where axios, got, node-fetch, axios-debug-log and curl are installed:
// `npm install axios got node-fetch axios-debug-log`, `node record.program.mjs FOLDER`.
import { execFile } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inspect, promisify } from "node:util";

const folder = process.argv[2];
const { resolve } = createRequire(join(process.cwd(), "package.json"));
const load = (name) => import(resolve(name));
const version = (name) => JSON.parse(readFileSync(join(process.cwd(), "node_modules", name, "package.json"), "utf8")).version;
const write = (name, text) => writeFileSync(join(folder, name), `${text.trimEnd()}\n`);

// The key of Kraken's documentation, and signers with one mistake each.
const secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const path = "/0/private/AddOrder";
const body = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
const sha = (text, encoding) => createHash("sha256").update(text).digest(encoding);
const hmac = (key, digest) => createHmac("sha512", key).update(path).update(digest).digest("base64");
const sign = {
  "secret-as-text": hmac(secret, sha(`1616492376594${body}`)),
  "digest-as-hex": hmac(Buffer.from(secret, "base64"), sha(`1616492376594${body}`, "hex")),
  "nonce-missing": hmac(Buffer.from(secret, "base64"), sha(body)),
};
const headers = (mistake) => ({
  "API-Key": "an-example-of-a-key",
  "API-Sign": sign[mistake],
  "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
});

const status = { now: 200 };
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(status.now, { "Content-Type": "application/json" });
    response.end('{"error":["EAPI:Invalid signature"]}');
  });
});
await new Promise((done) => server.listen(18443, "127.0.0.1", done));
const url = `http://127.0.0.1:18443${path}`;

/** Collects what `console.log` and `console.error` print. */
async function printed(work) {
  const lines = [];
  const before = { log: console.log, error: console.error };
  console.log = console.error = (...values) =>
    void lines.push(values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" "));
  try {
    await work();
  } finally {
    Object.assign(console, before);
  }
  return lines.join("\n");
}

/** Paths of the machine are not part of a log that matters. */
const clean = (text) =>
  text.replaceAll(process.cwd(), "/app").replace(/file:\/\/\/[^\s)]*\/record\.program\.mjs/g, "file:///app/order.mjs");

const { default: axios } = await load("axios");
const axiosVersion = version("axios");
status.now = 403;
const failed = await axios.post(url, body, { headers: headers("secret-as-text") }).catch((error) => error);
write(`axios-${axiosVersion}-error.txt`, clean(inspect(failed)));
write(`axios-${axiosVersion}-error.json`, clean(JSON.stringify(failed.toJSON(), null, 2)));
write(`axios-${axiosVersion}-config.txt`, clean(inspect(failed.config)));
status.now = 200;
write(
  `axios-${axiosVersion}-response.txt`,
  clean(inspect(await axios.post(url, new URLSearchParams(body), { headers: headers("digest-as-hex") }))),
);
write(
  `axios-${axiosVersion}-interceptor.txt`,
  await printed(async () => {
    const instance = axios.create({ baseURL: "http://127.0.0.1:18443" });
    instance.interceptors.request.use((config) => {
      console.log("Starting Request", JSON.stringify(config, null, 2));
      return config;
    });
    await instance.post(path, body, { headers: headers("nonce-missing") });
  }),
);

const { default: got } = await load("got");
const gotVersion = version("got");
status.now = 403;
const refused = await got.post(url, { body, headers: headers("secret-as-text"), retry: { limit: 0 } }).catch((error) => error);
write(`got-${gotVersion}-error.txt`, clean(inspect(refused)));
write(`got-${gotVersion}-options.txt`, clean(inspect(refused.options)));
status.now = 200;
const form = Object.fromEntries(new URLSearchParams(body));
const formed = await got.post(url, { form, headers: headers("nonce-missing") });
write(`got-${gotVersion}-form.txt`, clean(inspect(formed.request.options)));

const { Request: NodeRequest } = await load("node-fetch");
const request = new NodeRequest(url, { method: "POST", body, headers: headers("digest-as-hex") });
write(`node-fetch-${version("node-fetch")}-request.txt`, clean(inspect(request)));
write(
  `node-${process.versions.node.split(".")[0]}-request.txt`,
  clean(inspect(new Request(url, { method: "POST", body, headers: headers("digest-as-hex") }))),
);

const run = promisify(execFile);
const lines = Object.entries(headers("digest-as-hex")).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
const { stderr } = await run("curl", ["-sv", ...lines, "-d", body, url]);
const command = `curl -sv ${lines.map((word) => (word === "-H" ? word : `'${word}'`)).join(" ")} -d '${body}' ${url}`;
write("curl-7.88-verbose.txt", `$ ${command}\n${stderr}{"error":["EAPI:Invalid signature"]}`);
write("curl-7.88-verbose-alone.txt", stderr);
write("curl-7.88-trace-ascii.txt", (await run("curl", ["-s", "--trace-ascii", "-", ...lines, "-d", body, url])).stdout);
write("curl-7.88-trace.txt", (await run("curl", ["-s", "--trace", "-", ...lines, "-d", body, url])).stdout);

if (process.env.DEBUG) {
  await load("axios-debug-log");
  await axios.post(url, body, { headers: headers("secret-as-text") });
}
server.close();
