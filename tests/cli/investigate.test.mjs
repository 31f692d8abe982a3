// A refused signature, from a pasted curl command, a HAR file, a log, JSON or answers: what is found in them, and what is said about it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, test } from "node:test";
import { folder, json, key, lacking, noTerminal, run, type } from "./helper.mjs";

const { env, secret } = key();
const futures = key({ product: "futures" });
const both = { ...env, ...futures.env };
const apiKey = env.KRAKEN_KEY;

/** Signatures as broken programs make them, without a line of the package's. */
const mac = (secret, ...parts) =>
  createHmac("sha512", secret)
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest("base64");
const sha = (text, encoding) => createHash("sha256").update(text).digest(encoding);
const bytes = Buffer.from(secret, "base64");
const spot = {
  right: (path, nonce, body) => mac(bytes, path, sha(nonce + body)),
  "secret-as-text": (path, nonce, body) => mac(secret, path, sha(nonce + body)),
  "digest-as-hex": (path, nonce, body) => mac(bytes, path, sha(nonce + body, "hex")),
  "nonce-missing": (path, nonce, body) => mac(bytes, path, sha(body)),
};
const authent = (path, nonce, data) => mac(Buffer.from(futures.secret, "base64"), sha(data + nonce + path));

const path = "/0/private/AddOrder";
const nonce = "1616492376594";
const body = `nonce=${nonce}&pair=XBTUSD`;
const file = (name, text) => {
  const full = join(folder, name);
  writeFileSync(full, typeof text === "string" ? text : JSON.stringify(text));
  return full;
};

/** A server that remembers each request byte by byte, by the name it gives itself. */
const arrived = new Map();
const server = createServer(async (request, response) => {
  let text = "";
  for await (const part of request) text += part;
  arrived.set(request.headers["x-test"], { path: request.url, headers: request.headers, body: text });
  response.end("{}");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
server.unref();
const url = `http://127.0.0.1:${server.address().port}`;

test("a file that PowerShell 5 wrote is read as UTF-16", async () => {
  const text = `curl -H 'API-Key: ${apiKey}' -H 'API-Sign: ${spot.right(path, nonce, body)}' -d '${body}' https://api.kraken.com${path}\r\n`;
  const full = join(folder, "utf16.txt");
  writeFileSync(full, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]));
  const { code, result } = await json(["investigate", full], { env });
  assert.deepEqual([code, result.findings?.[0].kind, result.request?.path], [0, "right", path]);
});

describe("a pasted curl command", { concurrency: 4 }, () => {
  const signature = spot.right(path, nonce, body);
  const head = `-H 'API-Key: ${apiKey}' -H 'API-Sign: ${signature}'`;
  const skip = lacking("bash", "curl");
  file("body.txt", "nonce=1&pair=\nXBTUSD\n");
  file("note.txt", "two words & one=more\n");

  for (const [what, command] of [
    ["single quotes", `curl ${head} -d 'nonce=1&pair=XBTUSD' ${url}${path}`],
    [
      "double quotes",
      `curl -H "API-Key: ${apiKey}" -H "API-Sign: ${signature}" --data "nonce=1&note=\\"a\\\\b\\" \\$5 'x'" "${url}${path}"`,
    ],
    ["an ANSI-C string", `curl ${head} --data-raw $'nonce=1&note=it\\'s\\x21\\u00fc\\U0001f600\\xc3\\xbc\\n\\041\\q\\?' '${url}${path}'`],
    ["line continuations", `curl --request POST \\\n  --url '${url}${path}' \\\n  ${head} \\\n  --data 'nonce=1' \\\n  --data "pair=XBT"`],
    ["letters in a row", `curl -sSXPOST ${head} -d'nonce=1' ${url}${path}`],
    [
      "--data-urlencode",
      `curl ${head} --data-urlencode 'note=two words & é!*()' -d nonce=1 --data-urlencode 'x y' --data-urlencode '=a b' ${url}${path}`,
    ],
    ["--data-urlencode from a file", `curl ${head} -d nonce=1 --data-urlencode note@note.txt --data-urlencode @note.txt ${url}${path}`],
    ["a body from a file", `curl ${head} -d @body.txt ${url}${path}`],
    ["a body from a file as it is", `curl ${head} --data-binary @body.txt ${url}${path}`],
    ["a body from echo", `echo 'nonce=1&pair=XBT' | curl ${head} -d @- ${url}${path}`],
    ["a body from echo -n", `echo -n 'nonce=1&pair=XBT' | curl ${head} --data-binary @- ${url}${path}`],
    ["a body from printf", `printf '%s' 'nonce=1&x=100%25' | curl ${head} -d @- ${url}${path}`],
    ["--json", `curl ${head} --json '{"nonce":"1",' --json '"pair":"XBT"}' ${url}${path}`],
    ["-G", `curl -G ${head} -d nonce=1 -d a=b '${url}/0/private/X?q=1'`],
    ["a GET", `curl ${head} -H 'API-Nonce: 77' --compressed '${url}/funding/v1/addresses?asset%5Bname%5D=X'`],
    [
      "other options",
      `curl -s -o /dev/null -m 20 --max-time 20 -A agent -u '' --retry 0 ${head} -d nonce=1 -X POST ${url}${path} # that is it`,
    ],
    ["nothing between words", `curl ${head} -d nonce'='1"&pair"=\\X ${url}${path}`],
    ["a fragment, and a comment", `curl ${head} -d nonce=1 ${url}${path}#part # and more`],
    ["another command before it", `echo nonce=2; echo nonce=3\ncurl ${head} -d nonce=1 ${url}${path}`],
    ["a prompt before it", `$ curl ${head} -d nonce=1 ${url}${path}`],
  ])
    test(`${what}: the request is read as curl sends it`, { skip }, async () => {
      const input = command.replace("curl ", `curl -H 'X-Test: ${what}' `);
      const shell = spawn("bash", ["-c", input.replace(/^\$ /, "")], { cwd: folder, stdio: "ignore" });
      await new Promise((resolve) => shell.once("close", resolve));
      const last = arrived.get(what);
      assert.ok(last, "curl has sent it");
      const { result, error } = await json(["investigate", "-"], { env, input });
      assert.ok(result, error?.message);
      const { request } = result;
      const given = last.headers["api-nonce"];
      assert.deepEqual(request, {
        api: "spot",
        path: last.path,
        ...(given && { nonce: given }),
        body: last.body,
        key: last.headers["api-key"],
        signature: last.headers["api-sign"],
      });
    });

  for (const [what, command, said] of [
    ["a variable", `curl -H "API-Sign: $SIGN" https://api.kraken.com${path}`, /shell variable/],
    ["a substitution", "curl -H `date` https://api.kraken.com", /shell variable/],
    ["an open quote", `curl -H 'API-Sign: x https://api.kraken.com${path}`, /inside quotes/],
    ["no URL", `curl ${head}`, /no URL/],
    ["no curl", `wget ${url}`, /No request was found.+a curl command/s],
    ["no signature", `curl -d nonce=1 ${url}${path}`, /API-Sign is not among its headers/],
    ["a body that is elsewhere", `cat body | curl ${head} -d @- ${url}${path}`, /--body/],
  ])
    test(`${what} is reported`, async () => {
      const { code, err } = await run(["investigate", "-"], { env, input: command });
      assert.equal(code, 2);
      assert.match(err, said);
    });

  test("a body that curl read from elsewhere is taken from a file", async () => {
    const command = file("command.sh", `cat body | curl ${head} -d @- https://api.kraken.com${path}`);
    const { code, result } = await json(["investigate", command, "--body", file("real-body", body)], { env });
    assert.deepEqual([code, result.findings[0].kind], [0, "right"]);
  });

  for (const [name, sign] of Object.entries(spot))
    test(`the mistake ${name} is named`, async () => {
      const command = `curl -H 'API-Key: ${apiKey}' -H 'API-Sign: ${sign(path, nonce, body)}' -d '${body}' https://api.kraken.com${path}`;
      const { code, result } = await json(["investigate", "-"], { env, input: command });
      const { kind, proven, mistakes } = result.findings[0];
      assert.equal(proven, true);
      if (name === "right") assert.deepEqual([code, kind, mistakes], [0, "right", []]);
      else assert.deepEqual([code, kind, mistakes], [1, "mistake", [name]]);
      const text = await run(["investigate", "-", "--language", "python"], { env, input: command });
      assert.equal(text.code, code);
      assert.match(
        text.out,
        name === "right" ? /✓ The signature is correct[^]+most likely first/ : new RegExp(`✗ Mistake found: ${name}\n.+\n  Fix: `),
      );
      assert.match(text.out, name === "right" ? /1\. / : /— python —\n[^]*hmac/);
    });

  test("the query of a Futures GET is part of the signature", async () => {
    const made = (data, target, more) =>
      `curl -H 'APIKey: ${futures.env.KRAKEN_FUTURES_KEY}' -H 'Authent: ${authent("/api/v3/openorders", "7", data)}' -H 'Nonce: 7' ${more} 'https://futures.kraken.com${target}'`;
    for (const input of [
      made("symbol=PF_XBTUSD", "/derivatives/api/v3/openorders?symbol=PF_XBTUSD", ""),
      made("symbol=PF_XBTUSD", "/derivatives/api/v3/openorders", "-d symbol=PF_XBTUSD"),
    ]) {
      const { code, result } = await json(["investigate", "-"], { env: both, input });
      assert.deepEqual([code, result.request.api, result.findings[0].kind], [0, "futures", "right"]);
    }
  });

  test("a two-factor code or password in a body is not shown", async () => {
    for (const withOtp of [
      `${body}&otp=hunter22`,
      JSON.stringify({ nonce, otp: 'a&b"hunter22' }),
      `{"otp": 19283746,"nonce":"${nonce}"}`,
      // Bodies that programs have encoded twice.
      `nonce=${nonce}&postdata=pair%3DXBTUSD%26otp%3Dhunter22%2526`,
      `nonce=${nonce}&json=%7B%22otp%22%3A%22hunter22%22%7D`,
      JSON.stringify(JSON.stringify({ nonce, otp: "hunter22" })),
    ]) {
      const input = `curl -H 'API-Sign: ${spot.right(path, nonce, withOtp)}' -d '${withOtp}' https://api.kraken.com${path}`;
      for (const args of [[], ["--json"]]) {
        const { code, out, err } = await run(["investigate", "-", ...args], { env, input });
        // What is encoded twice has no nonce that Kraken could read.
        assert.ok(code === 0 || withOtp.startsWith('"'), out);
        assert.ok(!/hunter22|19283746/.test(out + err), out);
      }
    }
  });

  test("a two-factor password in the query is not shown, and the size of the body is that of what was sent", async () => {
    const target = `${path}?otp=hunter22&x=1`;
    const input = `curl -H 'API-Sign: ${spot.right(target, nonce, body)}' -d '${body}' 'https://api.kraken.com${target}'`;
    for (const args of [[], ["--json"]]) {
      const { out, err } = await run(["investigate", "-", ...args], { env, input });
      assert.ok(!out.concat(err).includes("hunter22") && out.includes(`${path}?otp=***&x=1`), out);
    }
    const long = `nonce=${nonce}&note=é&otp=123456`;
    const said = await run(["investigate", "-"], { env, input: input.replaceAll(target, path).replace(body, long) });
    assert.match(said.out, new RegExp(`, ${Buffer.byteLength(long)} bytes of body`));
  });

  test("a nonce in nanoseconds keeps its digits as a number in JSON, also the one that was sent", async () => {
    const [long, form] = ["1700000000000000001", "nonce=1700000000000000001"];
    const input = `{"api":"spot","path":"${path}","nonce":${long},"body":"${form}","signature":"${spot.right(path, long, form)}","sent":{"nonce":${long}}}`;
    const { code, result } = await json(["investigate", "-"], { env, input });
    assert.deepEqual([code, result.findings[0].kind], [0, "right"]);
    assert.ok(!result.findings.some(({ suspicion }) => suspicion === "nonce-differs"));
  });
});

describe("a HAR file", { concurrency: 4 }, () => {
  // As Chromium's developer tools export it.
  const entry = (sign, { status = 200, answer = '{"error":[],"result":{}}', encoding } = {}) => ({
    _connectionId: "391",
    _initiator: { type: "script", stack: { callFrames: [] } },
    _priority: "High",
    _resourceType: "fetch",
    cache: {},
    pageref: "page_1",
    request: {
      method: "POST",
      url: `https://api.kraken.com${path}`,
      httpVersion: "http/2.0",
      headers: [
        { name: ":authority", value: "api.kraken.com" },
        { name: ":method", value: "POST" },
        { name: "api-key", value: apiKey },
        ...(sign ? [{ name: "api-sign", value: sign }] : []),
        { name: "content-type", value: "application/x-www-form-urlencoded" },
      ],
      queryString: [],
      cookies: [],
      headersSize: -1,
      bodySize: body.length,
      postData: {
        mimeType: "application/x-www-form-urlencoded",
        text: body,
        params: [
          { name: "nonce", value: nonce },
          { name: "pair", value: "XBTUSD" },
        ],
      },
    },
    response: {
      status,
      headers: [],
      content: {
        size: answer.length,
        mimeType: "application/json",
        text: encoding ? Buffer.from(answer).toString(encoding) : answer,
        encoding,
      },
    },
    startedDateTime: "2026-11-24T10:00:00.000Z",
    time: 81.2,
  });
  const har = (...entries) => ({ log: { version: "1.2", creator: { name: "WebInspector", version: "537.36" }, pages: [], entries } });
  const refused = { answer: '{"error":["EAPI:Invalid signature"]}' };
  const right = spot.right(path, nonce, body);
  const wrong = spot["nonce-missing"](path, nonce, body);

  for (const [what, entries, mistakes] of [
    ["the only entry with a signature", [entry(""), entry(wrong), entry("")], ["nonce-missing"]],
    ["the only one that was refused", [entry(right), entry(wrong, refused), entry(right)], ["nonce-missing"]],
    ["the same, where answers are in base64", [entry(right), entry(wrong, { ...refused, encoding: "base64" })], ["nonce-missing"]],
  ])
    test(`${what} is taken`, async () => {
      const { result, error } = await json(["investigate", file(`${what}.har`, har(...entries))], { env });
      assert.ok(result, error?.message);
      assert.deepEqual(result.findings[0].mistakes, mistakes);
      assert.deepEqual(result.request, { api: "spot", path, body, key: apiKey, signature: wrong });
    });

  test("--entry chooses one of several entries by its number", async () => {
    const several = file("several.har", har(entry(""), entry(right), entry(wrong)));
    const { code, err } = await run(["investigate", several], { env });
    assert.equal(code, 2);
    assert.match(err, /2 requests can be meant.+`entry`.+:\n {2}2 {2}POST \/0\/private\/AddOrder\n {2}3 {2}POST/);
    assert.equal((await json(["investigate", several, "--entry", "2"], { env })).code, 0);
    assert.equal((await json(["investigate", several, "--entry", "3"], { env })).code, 1);
    for (const number of ["0", "4", "x"]) assert.equal((await json(["investigate", several, "--entry", number], { env })).code, 2);
  });

  test("a file that is not a HAR file, or has no signed entry, is refused", async () => {
    for (const [text, said] of [
      ["{", /No request was found/],
      ["{}", /No request was found/],
      [har(), /no entries/],
      [har({ ...entry(""), request: { ...entry("").request, url: "https://example.com/" } }), /None of the 1 requests has an API-Sign/],
      ["null", /No request was found/],
    ]) {
      const { code, err } = await run(["investigate", file("bad.har", text)], { env });
      assert.equal(code, 2);
      assert.match(err, said);
    }
  });
});

describe("a log", { concurrency: 4 }, () => {
  const signature = spot["digest-as-hex"](path, nonce, body);
  const log = (data) =>
    `Request failed {\n  config: {\n    method: 'post',\n    url: 'https://api.kraken.com${path}',\n    headers: { 'API-Sign': '${signature}' },\n${data}  }\n}\n`;

  test("it is read from a file or from standard input", async () => {
    const text = log(`    data: '${body}'\n`);
    for (const [name, options] of [
      [file("error.log", text), { env }],
      ["-", { env, input: text }],
    ]) {
      const { code, result } = await json(["investigate", name], options);
      assert.deepEqual([code, result.findings[0].mistakes], [1, ["digest-as-hex"]]);
      assert.deepEqual(result.request, { api: "spot", path, body, signature });
    }
  });

  test("a body that it does not show is taken from a file, or the error says how to get it", async () => {
    const cut = file("cut.log", log(`    data: '${body.slice(0, 20)}'... 11 more characters\n`));
    const { code, err } = await run(["investigate", cut], { env });
    assert.equal(code, 2);
    assert.match(err, /shows only a part of the body\. In Node, print it with.+--body/);
    const { result } = await json(["investigate", cut, "--body", file("whole-body", body)], { env });
    assert.deepEqual([result.request.body, result.findings[0].mistakes], [body, ["digest-as-hex"]]);
    const needless = await run(["investigate", file("whole.log", log(`    data: '${body}'\n`)), "--body", file("other-body", body)], {
      env,
    });
    assert.equal(needless.code, 2);
    assert.match(needless.err, /--body is not needed/);
  });
});

describe("JSON", { concurrency: 4 }, () => {
  const input = { api: "spot", path, nonce, body, signature: spot["digest-as-hex"](path, nonce, body) };

  test("the private key is taken from the environment, a file or the JSON", async () => {
    for (const [args, options] of [
      [["-"], { env, input: JSON.stringify(input) }],
      [[file("with-secret.json", { ...input, secret })], {}],
      [["-", "--secret-file", file("secret-of-json", secret)], { input: JSON.stringify(input) }],
    ]) {
      const { code, result } = await json(["investigate", ...args], options);
      assert.deepEqual([code, result.findings[0].mistakes], [1, ["digest-as-hex"]]);
      assert.deepEqual(result.request, input);
    }
    const { err } = await run(["investigate", file("with-secret.json", { ...input, secret })]);
    assert.match(err, /can be read by other users/);
  });

  test("no mistake is claimed for a signature that none explains", async () => {
    const random = Buffer.alloc(64, 7).toString("base64");
    const { code, result } = await json(["investigate", "-"], { env, input: JSON.stringify({ ...input, signature: random }) });
    assert.equal(code, 1);
    assert.deepEqual([result.findings[0].kind, result.findings[0].proven], ["unexplained", false]);
    assert.ok(result.findings[0].tried > 1);
    const { out } = await run(["investigate", "-"], { env, input: JSON.stringify({ ...input, signature: random }) });
    assert.match(out, /\? No known mistake explains it/);
  });

  test("unusable input is described without showing it", async () => {
    for (const text of [
      "[]",
      '"x"',
      `{ "secret": "${secret}" `,
      JSON.stringify({ api: "spot" }),
      JSON.stringify({ ...input, api: "both" }),
      JSON.stringify({ ...input, body: 7 }),
      JSON.stringify({ ...input, signature: undefined }),
      JSON.stringify({ ...input, secret: 5 }),
    ]) {
      const { code, error } = await json(["investigate", "-"], { env, input: text });
      assert.equal(code, 2, `${text.slice(0, 30)}: ${error?.message}`);
    }
    assert.equal((await run(["investigate", "--entry", "1"], { env })).code, 2);
    assert.equal((await run(["investigate"], { env })).code, 2);
  });
});

describe("at a terminal", { skip: noTerminal }, () => {
  test("everything is asked for if nothing is given", async () => {
    const { code, out } = await type(
      ["investigate"],
      [
        ["HTTP message: ", `${path}\r`],
        ["Body as it was sent: ", `${body}\r`],
        ["(API-Sign): ", `${spot["nonce-missing"](path, nonce, body)}\r`],
        ["API key (empty: not known): ", "\r"],
        ["(not shown): ", `${secret}\r`],
      ],
    );
    assert.equal(code, 1);
    assert.match(out, /Mistake found: nonce-missing/);
  });

  test("a Futures request is asked for", async () => {
    const { code, out } = await type(
      ["investigate"],
      [
        ["HTTP message: ", "/derivatives/api/v3/openorders\r"],
        ["for a GET, the query): ", "symbol=PF_XBTUSD\r"],
        ["Nonce header (empty: none): ", "7\r"],
        ["(Authent): ", `${authent("/api/v3/openorders", "7", "symbol=PF_XBTUSD")}\r`],
        ["API key (empty: not known): ", `${futures.env.KRAKEN_FUTURES_KEY}\r`],
        ["(not shown): ", `${futures.secret}\r`],
      ],
    );
    assert.equal(code, 0, out);
  });

  test("after a curl command of several lines at the first question, only the secret is asked for", async () => {
    const lines = [`curl 'https://api.kraken.com${path}' \\`, `  -H 'API-Sign: ${spot.right(path, nonce, body)}' \\`, `  -d '${body}'`];
    const { code, out } = await type(
      ["investigate"],
      [
        ["HTTP message: ", `${lines.join("\n")}\n`],
        ["(not shown): ", `${secret}\r`],
      ],
    );
    assert.equal(code, 0, out);
    assert.match(out, /The signature is correct/);
  });

  test("an HTTP message at the first question is read up to a period", async () => {
    const signature = spot["nonce-missing"](path, nonce, body);
    const { code, out } = await type(
      ["investigate"],
      [
        ["HTTP message: ", `POST ${path} HTTP/1.1\nAPI-Sign: ${signature}\n\n${body}\n.\n`],
        ["(not shown): ", `${secret}\r`],
      ],
    );
    assert.equal(code, 1, out);
    assert.match(out, /Mistake found: nonce-missing/);
  });

  test("a command that is pasted and ended with Ctrl-D is read", async () => {
    const command = `curl -H 'API-Sign: ${spot.right(path, nonce, body)}' -d '${body}' https://api.kraken.com${path}`;
    const { code, out } = await type(
      ["investigate", "-"],
      [
        ["Ctrl-D.", `${command}\n\x04`],
        ["(not shown): ", `${secret}\r`],
      ],
    );
    assert.equal(code, 0, out);
  });
});

test("a request as an argument is not repeated, and the message says how to paste it", async () => {
  const command = `curl https://api.kraken.com${path} -H 'API-Sign: ${spot.right(path, nonce, body)}' -d '${body}'`;
  const { code, err } = await run(["investigate", command], { env });
  assert.equal(code, 2);
  assert.match(err, /FILE is the name of a file\. To paste a request, run kraken-signer investigate -/);
  assert.doesNotMatch(err, /API-Sign|nonce=/);
});

test("a private key that was sent as the API key or the signature is not printed", async () => {
  for (const [id, signature] of [
    [secret, spot.right(path, nonce, body)],
    [apiKey, secret],
  ]) {
    const curl = `curl https://api.kraken.com${path} -H 'API-Key: ${id}' -H 'API-Sign: ${signature}' -d '${body}'`;
    for (const options of [[], ["--json"]]) {
      const { out, err } = await run(["investigate", file("exposed.txt", curl), ...options], { env });
      assert.match(out, /The private key itself was sent as the/);
      assert.ok(!(out + err).includes(secret.slice(0, 20)));
    }
  }
  for (const written of [secret, encodeURIComponent(secret)])
    for (const [target, data] of [
      [path, `${body}&secret=${written}`],
      [`${path}?secret=${written}`, body],
    ]) {
      const curl = `curl 'https://api.kraken.com${target}' -H 'API-Sign: ${spot.right(path, nonce, body)}' -d '${data}'`;
      for (const options of [[], ["--json"]]) {
        const { code, out, err } = await run(["investigate", file("exposed.txt", curl), ...options], { env });
        assert.equal(code, 1, err);
        assert.ok(!(out + err).includes(written.slice(0, 20)));
      }
    }
});

test("a FIX logon is signed by a key of Spot, and is called what it is", async () => {
  const fields = ["35=A", "34=1", "49=MY-DESK", "56=KRAKEN-TRD", `553=${apiKey}`];
  const signed = mac(
    secret,
    createHash("sha256")
      .update(`${fields.join("\x01")}\x01${nonce}`)
      .digest(),
  );
  const log = `8=FIX.4.4|9=300|${fields.join("|")}|554=${signed}|5025=${nonce}|10=000|`;
  const { code, out, err } = await run(["investigate", file("fix.log", log), "--language", "python"], { env: both });
  assert.equal(code, 1, err);
  assert.match(err, /There is code for REST requests only\. Signer has signFixLogon and signChallenge\./);
  assert.doesNotMatch(out, /futures\.kraken\.com/);
  assert.match(err, /using the private key in KRAKEN_SECRET/);
  assert.match(out, /^FIX logon, \d+ bytes of signed fields\n/m);
  assert.match(out, /Mistake found: secret-as-text/);
});

test("a challenge of the Futures WebSocket is called what it is", async () => {
  const challenge = "c100b894-1729-464d-ace1-52dbce11db42";
  const signed_challenge = mac(secret, createHash("sha256").update(challenge).digest());
  const message = JSON.stringify({ event: "subscribe", feed: "fills", api_key: apiKey, original_challenge: challenge, signed_challenge });
  const { code, out, err } = await run(["investigate", file("subscribe.json", message)], { env: { KRAKEN_FUTURES_SECRET: secret } });
  assert.equal(code, 1, err);
  assert.match(out, /^Challenge of the Futures WebSocket, 36 bytes\n.*Mistake found: secret-as-text/);
});
