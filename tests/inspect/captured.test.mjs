// Requests as people have them: recorded logs of libraries, what browsers copy, and texts that hide something or are hostile.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { capturedRequest, capturedRequests, explain, investigate } from "kraken-signer/inspect";

// The key of Kraken's documentation, with which the logs were recorded.
const secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const path = "/0/private/AddOrder";
const nonce = "1616492376594";
const body = `nonce=${nonce}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`;
const key = "an-example-of-a-key";
const sha = (text, encoding) => createHash("sha256").update(text).digest(encoding);
/** A signature with the mistake `digest-as-hex`. */
const wrong = (text = body, target = path, number = nonce) =>
  createHmac("sha512", Buffer.from(secret, "base64"))
    .update(target)
    .update(sha(`${number}${text}`, "hex"))
    .digest("base64");
const signature = wrong();
const url = `https://api.kraken.com${path}`;
const type = "application/x-www-form-urlencoded";
const headers = { "API-Key": key, "API-Sign": signature, "Content-Type": type };
const named = async (request, more = {}) => (await investigate({ request, secret, ...more }))[0].mistakes;

const folder = new URL("captures/", import.meta.url);
const recorded = (name) => readFileSync(new URL(name, folder), "utf8");

describe("recorded logs", () => {
  const MISTAKES = {
    "aiohttp-3.14.5-info.txt": "secret-as-text",
    "axios-1.21.1-config.txt": "secret-as-text",
    "axios-1.21.1-error.json": "secret-as-text",
    "axios-1.21.1-error.txt": "secret-as-text",
    "axios-1.21.1-interceptor.txt": "nonce-missing",
    "axios-1.21.1-response.txt": "digest-as-hex",
    "curl-7.88-trace-ascii.txt": "digest-as-hex",
    "curl-7.88-trace.txt": "digest-as-hex",
    "curl-7.88-verbose.txt": "digest-as-hex",
    "format-go-dumprequestout.txt": "secret-as-text",
    "format-go-quoted.txt": "secret-as-text",
    "format-http2-headers.txt": "secret-as-text",
    "format-okhttp-logcat.txt": "secret-as-text",
    "format-okhttp.txt": "secret-as-text",
    "format-postman-raw.txt": "secret-as-text",
    "format-reqwest-verbose.txt": "secret-as-text",
    "format-times.txt": "secret-as-text",
    "got-14.6.6-error.txt": "secret-as-text",
    "got-14.6.6-form.txt": "nonce-missing",
    "got-14.6.6-options.txt": "secret-as-text",
    "httpie-3.2.4-verbose.txt": "secret-as-text",
    "requests-2.34.2-debuglevel.txt": "secret-as-text",
    "requests-2.34.2-lines.txt": "nonce-missing",
    "requests-2.34.2-pretty.txt": "secret-as-text",
    "requests-2.34.2-separate.txt": "nonce-missing",
    "requests-2.34.2-vars.txt": "nonce-missing",
    "wget-1.21.3-debug.txt": "digest-as-hex",
  };
  /** Logs that do not show the body, each with the advice about it. */
  const INCOMPLETE = {
    "aiohttp-3.14.5-info-alone.txt": /does not show the body.+aiohttp keeps no body/,
    "curl-7.88-verbose-alone.txt": /hides the body.+curl -v prints no body: paste the command as well/,
    "format-http2-node.txt": /does not show the body.+console\.dir/,
    "format-okhttp-encoded.txt": /does not show the body/,
    "format-reqwest-debug.txt": /does not show the body.+reqwest does not print the body/,
    "node-20-request.txt": /does not show the body.+console\.dir/,
    "node-fetch-3.3.2-request.txt": /only a part of the body/,
    "requests-2.34.2-urllib3.txt": /urllib3 has neither headers nor a body.+debuglevel = 1/,
  };

  test("every recorded log is here", () => {
    const files = readdirSync(folder).filter((name) => /\.(txt|json)$/.test(name));
    assert.deepEqual(files.sort(), [...Object.keys(MISTAKES), ...Object.keys(INCOMPLETE)].sort());
  });

  for (const [name, mistake] of Object.entries(MISTAKES))
    test(`${name}: the mistake is named`, async () => {
      const { method, missing, ...request } = await capturedRequest(recorded(name));
      assert.deepEqual([method, missing, request.path, request.body, request.key], ["POST", [], path, body, key]);
      assert.deepEqual(await named(recorded(name)), [mistake]);
    });

  for (const [name, said] of Object.entries(INCOMPLETE))
    test(`${name}: the body is not guessed`, async () => {
      await assert.rejects(named(recorded(name)), { name: "InvalidRequestError", message: said });
    });

  test("with other line ends and in the middle of other lines, they say the same", async () => {
    for (const [name, mistake] of Object.entries(MISTAKES)) {
      const text = recorded(name);
      assert.deepEqual(await named(text.replaceAll("\n", "\r\n")), [mistake], name);
      if (!/curl|json/.test(name)) assert.deepEqual(await named(`2026-11-29 12:00:00 INFO starting\n${text}\ndone: {}\n`), [mistake], name);
    }
  });
});

/** What people paste, each about the same request. */
const TEXTS = {
  "curl, as Chromium copies it for bash": `curl '${url}' \\\n  -H 'accept: */*' \\\n  -H 'api-key: ${key}' \\\n  -H 'api-sign: ${signature}' \\\n  -H 'content-type: ${type}' \\\n  --data-raw '${body}' ;`,
  "curl, with an ANSI-C string": `curl --url ${url} -H 'API-Key: ${key}' -H 'API-Sign: ${signature}' --data-binary $'${body.replaceAll("&", "\\u0026")}'`,
  "curl, as Chromium copies it for cmd": `curl ^"${url}^" ^\r\n  -H ^"api-key: ${key}^" ^\r\n  -H ^"api-sign: ${signature.replace(/[^\w\s=+/-]/g, "^$&")}^" ^\r\n  --data-raw ^"${body.replaceAll("&", "^&")}^"`,
  "curl, as older browsers copy it for cmd": `curl "${url}" ^\r\n  -H "api-key: ${key}" ^\r\n  -H "api-sign: ${signature}" ^\r\n  --data-raw "${body}"`,
  "curl, at the prompt of cmd": `C:\\Users\\me> curl.exe "${url}" -H "api-key: ${key}" -H "api-sign: ${signature}" -d "${body}"`,
  "curl, with its answer": `$ curl -d '${body}' -H 'API-Key: ${key}' -H 'API-Sign: ${signature}' ${url}\n{"error":["EAPI:Invalid signature"]}`,
  "curl, at a prompt with names, and what follows": `(venv) me@host:~/bot$ curl -d '${body}' -H 'API-Key: ${key}' -H 'API-Sign: ${signature}' ${url}\n{"error":["EAPI:Invalid signature"]}\nme@host:~/bot$ `,
  "curl, as set -x prints it": `+ curl -s ${url} -H 'API-Key: ${key}' -H 'API-Sign: ${signature}' -d '${body}'`,
  "curl, with the prompts of continued lines": `$ curl ${url} \\\n> -H 'API-Key: ${key}' \\\n> -H 'API-Sign: ${signature}' \\\n> -d '${body}'`,
  "curl, at a prompt of PowerShell": `PS C:\\Users\\me> curl.exe '${url}' -H 'API-Key: ${key}' -H 'API-Sign: ${signature}' -d '${body}'`,
  "fetch, as browsers copy it": `fetch("${url}", {\n  "headers": {\n    "accept": "*/*",\n    "api-key": "${key}",\n    "api-sign": "${signature}"\n  },\n  "referrer": "https://example.com/",\n  "body": "${body}",\n  "method": "POST",\n  "mode": "cors"\n});`,
  "fetch, as Firefox copies it": `await fetch("${url}", {\n    "credentials": "omit",\n    "headers": {\n        "API-Key": "${key}",\n        "API-Sign": "${signature}"\n    },\n    "body": "${body}",\n    "method": "POST"\n});`,
  "fetch, written by hand": `const response = await fetch('${url}', { method: 'POST', headers: new Headers([['API-Key', '${key}'], ['API-Sign', \`${signature}\`]]), body: new URLSearchParams({ nonce: '${nonce}', ordertype: 'limit', pair: 'XBTUSD', price: '37500', type: 'buy', volume: '1.25' }).toString() }); // sent`,
  "PowerShell, as browsers copy it": `$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = "Mozilla"\nInvoke-WebRequest -UseBasicParsing -Uri "${url}" \`\n-Method "POST" \`\n-WebSession $session \`\n-Headers @{\n"authority"="api.kraken.com"\n  "api-key"="${key}"\n  "api-sign"="${signature}"\n} \`\n-ContentType "${type}" \`\n-Body "${body}"`,
  "PowerShell, with variables": `$sign = "${signature}";\n$headers = @{\n  "API-Key" = "${key}"\n  'API-Sign' = $sign\n}\n$Body = '${body}'\nInvoke-RestMethod -Uri "${url}" -Method Post -Headers $headers -Body $body`,
  "PowerShell, with the URL first": `$r = Invoke-WebRequest '${url}' -Method POST -Headers @{ 'API-Key' = '${key}'; 'API-Sign' = '${signature}' } -Body '${body}'`,
  "an HTTP message, with its answer": `POST ${path} HTTP/1.1\r\nHost: api.kraken.com\r\nAPI-Key: ${key}\r\nAPI-Sign: ${signature}\r\nContent-Length: ${body.length}\r\n\r\n${body}HTTP/1.1 200 OK\r\n\r\n{"error":["EAPI:Invalid signature"]}`,
  "an HTTP message, without a length": `POST ${path} HTTP/2\nhost: api.kraken.com\napi-key: ${key}\napi-sign: ${signature}\n\n${body}\n`,
  "an HTTP message, indented as a proxy shows it": `    POST ${url} HTTP/2.0\n    api-key:         ${key}\n    api-sign:        ${signature}\n    content-length:  ${body.length}\n\n    ${body}\n`,
  "an object as Node prints it": inspect({ url, method: "POST", headers, body: new URLSearchParams(body) }, { depth: 5 }),
  "options of Node's https": inspect({ hostname: "api.kraken.com", path, method: "POST", headers, body: Buffer.from("x") }).replace(
    /<Buffer 78>/,
    `Uint8Array(${body.length}) [ ${[...Buffer.from(body)].join(", ")} ]`,
  ),
  "a dict of Python": `{'url': '${url}', 'method': 'POST', 'headers': {b'API-Key': b'${key}', b'API-Sign': b'${signature}', 'X': None, 'Y': True}, 'data': b'${body}'}`,
  "a dict of Python, printed in pieces": `{'body': 'nonce=${nonce}&ordertype=limit&pair=XBTUSD'\n         '&price=37500&type=buy&volume=1.25',\n 'headers': OrderedDict([('API-Key', '${key}'), ('API-Sign', '${signature}')]),\n 'url': '${url}', 'method': 'POST'}`,
  "ccxt in JavaScript, with verbose": `fetch Request:\n kraken POST ${url} \nRequestHeaders:\n ${inspect(headers)} \nRequestBody:\n ${body} \n`,
  "ccxt in Python, with verbose": `fetch Request: kraken POST ${url} RequestHeaders: {'API-Key': '${key}', 'API-Sign': '${signature}'} RequestBody: ${body}`,
  "lines with labels": `Request URL: ${url}\nRequest Headers: {'API-Key': '${key}', 'API-Sign': '${signature}'}\nRequest Body: b'${body}'`,
  "curl, in the fences of an issue": `I get Invalid signature:\n\n\`\`\`bash\ncurl ${url} \\\n  -H 'API-Key: ${key}' -H 'API-Sign: ${signature}' -d '${body}'\n\`\`\`\nWhat is wrong?`,
  "curl, over several lines of PowerShell": `curl.exe '${url}' \`\r\n -H 'API-Key: ${key}' \`\r\n -H 'API-Sign: ${signature}' \`\r\n -d '${body}'`,
  "an HTTP message, indented as mitmproxy prints it": `POST ${url} HTTP/2.0\n    api-key: ${key}\n    api-sign: ${signature}\n\n    ${body}\n`,
  "a call of Python's requests with a text": `requests.post("${url}", headers={"API-Key": "${key}", "API-Sign": "${signature}"}, data="${body}")`,
  "notes with labels": `URL: ${url}\nMethod: POST\nHeaders:\n  API-Key: ${key}\n  API-Sign: ${signature}\nBody: ${body}`,
  "notes of assignments": `url = ${url}\npostdata = ${body}\nAPI-Key = ${key}\nAPI-Sign = ${signature}`,
  "lines of console.log": `url ${url}\nheaders { 'API-Key': '${key}', 'API-Sign': '${signature}' }\nbody ${body}`,
  "JSON of the arguments of fetch": JSON.stringify([url, { method: "POST", headers, body }]),
};

describe("what people paste", () => {
  for (const [name, text] of Object.entries(TEXTS))
    test(`${name}: the mistake is named`, async () => {
      const { method, missing, ...request } = await capturedRequest(text);
      assert.deepEqual([method, missing], ["POST", []]);
      assert.deepEqual([request.path, request.body, request.key, request.signature], [path, body, key, signature]);
      assert.deepEqual(await named(text), ["digest-as-hex"]);
    });

  test("HTTP messages one after the other, with either line end, have bodies of their own", async () => {
    for (const end of ["\n", "\r\n"]) {
      const message = [`POST ${path} HTTP/1.1`, "Host: api.kraken.com", `API-Key: ${key}`, `API-Sign: ${signature}`, "", body, "", ""].join(
        end,
      );
      for (const count of [1, 2, 3])
        assert.deepEqual(
          (await capturedRequests(message.repeat(count))).map((one) => one.body),
          Array(count).fill(body),
          `${count} with ${JSON.stringify(end)}`,
        );
    }
  });

  test("a body that was sent in chunks is joined, unless the tool has done that", async () => {
    const half = 20;
    const chunk = (part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`;
    const whole = `${chunk(body.slice(0, half))}${chunk(body.slice(half))}0\r\n\r\n`;
    const head = `POST ${path} HTTP/1.1\r\nHost: api.kraken.com\r\nAPI-Key: ${key}\r\nAPI-Sign: ${signature}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    for (const sent of [whole, `${whole}HTTP/1.1 200 OK\r\n\r\n{}`, whole.replaceAll("\r", ""), `${body}\r\n`])
      assert.equal((await capturedRequest(head + sent)).body, body, JSON.stringify(sent));
    const accented = `${body}&note=é`;
    assert.equal((await capturedRequest(`${head}${chunk(accented)}0\r\n\r\n`)).body, accented);
  });

  test("an integer that a number does not hold exactly keeps its digits, in headers, objects and forms", async () => {
    const long = "1700000000000000001";
    const logged = (more, content) =>
      `{"url":"${url}","method":"POST","headers":{"API-Key":"${key}","API-Sign":"${wrong(content, path, long)}"${more}}`;
    for (const [text, content] of [
      [`${logged(',"Content-Type":"application/json"', `{"nonce":${long}}`)},"body":{"nonce":${long}}}`, `{"nonce":${long}}`],
      [`${logged("", `{"nonce":${long}}`)},"json":{"nonce":${long}}}`, `{"nonce":${long}}`],
      [`${logged(`,"Content-Type":"${type}"`, `nonce=${long}`)},"body":{"nonce":${long}}}`, `nonce=${long}`],
      [`${logged(`,"API-Nonce":${long}`, '{"asset":"XBT"}')},"body":"{\\"asset\\":\\"XBT\\"}"}`, '{"asset":"XBT"}'],
    ]) {
      assert.equal((await capturedRequest(text)).body, content);
      assert.deepEqual(await named(text), ["digest-as-hex"], text);
    }
  });

  test("the URL is found among options that are not known, and what curl would send is not guessed", async () => {
    const head = `-H 'API-Key: ${key}' -H 'API-Sign: ${signature}'`;
    for (const options of ["--cert-type PEM", "--of-the-future value"])
      assert.equal((await capturedRequest(`curl ${options} ${url} ${head} -d '${body}'`)).path, path, options);
    for (const next of ["--next", "-:"])
      await assert.rejects(
        capturedRequest(`curl ${url} ${head} -d nonce=1 ${next} ${url} ${head} -d nonce=2`),
        /several requests, with --next: paste the part of one of them\./,
      );
    for (const urls of [`${url} ${url}Ex`, `--url ${url} ${url}Ex`])
      await assert.rejects(
        capturedRequest(`curl ${urls} ${head} -d '${body}'`),
        /has several URLs, and makes a request to each: leave only one/,
      );
    for (const option of ["-e", "-en", "-ne", "-E"]) {
      const { body: unknown, missing } = await capturedRequest(`echo ${option} '${body}' | curl ${url} ${head} -d @-`);
      assert.deepEqual([unknown, missing[0]?.part], [undefined, "body"], option);
    }
  });

  test("a body with parts, whose boundary curl chooses, is not taken for an empty one", async () => {
    for (const option of ["-F nonce=1", "--form nonce=1", "-sFnonce=1"]) {
      const { body: parts, missing } = await capturedRequest(`curl ${url} -H 'API-Sign: ${signature}' ${option}`);
      assert.deepEqual([parts, missing.length], [undefined, 1], option);
      assert.match(missing[0].message, /multipart\/form-data/);
    }
  });

  test("the query of a Futures request is signed as its data", async () => {
    const target = "/derivatives/api/v3/fills";
    const text = `curl -H 'APIKey: ${key}' -H 'Nonce: 7' -H 'Authent: ${"A".repeat(86)}==' 'https://futures.kraken.com${target}?lastFillTime=1'`;
    const { api, sent, ...parts } = await capturedRequest(text);
    assert.deepEqual([api, parts.path, parts.nonce, parts.body, sent.body], ["futures", target, "7", "lastFillTime=1", "lastFillTime=1"]);
    assert.equal(
      (await explain({ request: text, secret })).signature,
      explain({ api, secret, path: target, nonce: 7, body: sent.body }).signature,
    );
  });

  test("a two-factor code is found where it was sent", async () => {
    const text = `curl ${url} -H 'API-Sign: ${signature}' -d '${body}&otp=123456'`;
    assert.equal((await capturedRequest(text)).sent.otp, "123456");
    assert.equal((await capturedRequest(`curl ${url} -H 'API-OTP: 654321' -H 'API-Sign: ${signature}' -d '${body}'`)).sent.otp, "654321");
  });
});

describe("objects of a program", () => {
  const init = { method: "POST", headers, body };
  const params = new URLSearchParams(body);
  for (const [name, source] of [
    ["a Request", () => new Request(url, init)],
    ["a text and options", () => [url, init]],
    ["a URL", () => [new URL(url), init]],
    ["a Request and options", () => [new Request(url, { method: "POST", headers }), { body }]],
    ["a Headers object and parameters", () => [url, { ...init, headers: new Headers(headers), body: params }]],
    ["a list of headers and bytes", () => [url, { ...init, headers: Object.entries(headers), body: Buffer.from(body) }]],
    ["an ArrayBuffer", () => [url, { ...init, body: new TextEncoder().encode(body).buffer }]],
    ["a Blob", () => [url, { ...init, body: new Blob([body]) }]],
    [
      "an error of axios",
      () =>
        Object.assign(new Error("403"), { config: { url: path, baseURL: "https://api.kraken.com/", method: "post", headers, data: body } }),
    ],
    ["options of got", () => ({ options: { url: new URL(url), method: "POST", headers, body, hooks: {} } })],
    [
      "a configuration with an object that refers to itself",
      () => {
        const config = { url, method: "post", headers, data: params };
        config.self = { config };
        return config;
      },
    ],
  ])
    test(`${name} is taken`, async () => {
      const request = await capturedRequest(source());
      assert.deepEqual([request.path, request.body, request.missing], [path, body, []]);
      assert.deepEqual(await named(source()), ["digest-as-hex"]);
    });

  test("a call that fetch itself refuses, and a stream, are refused without their values", async () => {
    for (const source of [
      [path, init],
      [url, { ...init, method: "GET" }],
      [url, { ...init, headers: { "API-Sign": "a hidden\nvalue" } }],
      [url, { ...init, body: new Blob([body]).stream(), duplex: "half" }],
      [url, { ...init, body: { nonce, hidden: 1 } }],
      [url, { ...init, body: [nonce] }],
    ])
      await assert.rejects(named(source), (error) => error.name === "InvalidRequestError" && !error.message.includes("hidden"));
    for (const source of [undefined, null, 7, () => {}]) await assert.rejects(named(source), { name: "InvalidRequestError" });
  });
});

describe("a HAR file", () => {
  const entry = (target, sign, more = {}, answer = "{}") => ({
    request: {
      method: "POST",
      url: `https://api.kraken.com${target}`,
      headers: [{ name: "api-key", value: key }, ...(sign ? [{ name: "api-sign", value: sign }] : [])],
      bodySize: body.length,
      postData: { mimeType: type, text: body },
      ...more,
    },
    response: { status: 200, content: { text: answer } },
  });
  const har = (...entries) => ({ log: { version: "1.2", entries } });
  const rejected = '{"error":["EAPI:Invalid signature"]}';

  test("the rejected one of several requests is chosen; several are listed, and one is chosen by its number", async () => {
    const other = entry("/0/private/Balance", "x".repeat(88));
    const one = har(entry("/0/public/Time", ""), other, entry(path, signature, {}, rejected));
    assert.deepEqual(await named(one), ["digest-as-hex"]);
    assert.deepEqual(await named(JSON.stringify(one)), ["digest-as-hex"]);
    const two = har(
      entry("/0/public/Time", ""),
      entry(path, signature, {}, rejected),
      entry("/0/private/Balance?x=1", signature, {}, rejected),
    );
    await assert.rejects(
      named(two),
      /2 signatures were rejected.+`entry`.+:\n {2}2 {2}POST \/0\/private\/AddOrder\n {2}3 {2}POST \/0\/private\/Balance$/,
    );
    assert.deepEqual(await named(two, { entry: 2 }), ["digest-as-hex"]);
    await assert.rejects(named(two, { entry: 4 }), /from 1 to 3/);
    assert.deepEqual(
      (await capturedRequests(two)).map(({ number, rejected }) => [number, rejected]),
      [
        [1, false],
        [2, true],
        [3, true],
      ],
    );
    assert.deepEqual(await named(one.log.entries[2]), ["digest-as-hex"]);
  });

  test("a body may be in base64, or a list of parameters that can be encoded in one way only", async () => {
    const params = [...new URLSearchParams(body)].map(([name, value]) => ({ name, value }));
    const bodyIn = async (postData) => (await capturedRequest(har(entry(path, signature, { postData })))).body;
    assert.equal(await bodyIn({ text: Buffer.from(body).toString("base64"), encoding: "base64" }), body);
    assert.equal(await bodyIn({ params }), body);
    for (const postData of [{ params: [...params, { name: "note", value: "a b" }] }, { text: "%%%", encoding: "base64" }, {}]) {
      const { missing, ...request } = await capturedRequest(har(entry(path, signature, { postData })));
      assert.deepEqual([missing.map(({ part }) => part), "body" in request], [["body"], false]);
    }
  });
});

describe("parameters as a dict of Python", () => {
  const call = (data, more = "") => `requests.post('${url}', headers={'API-Key': '${key}', 'API-Sign': '${signature}'${more}}, ${data})`;
  const dict = `{'nonce': '${nonce}', 'ordertype': 'limit', 'pair': 'XBTUSD', 'price': '37500', 'type': 'buy', 'volume': '1.25'}`;
  const object = (data) => `{'url': '${url}', 'method': 'POST', 'headers': {'API-Key': '${key}', 'API-Sign': '${signature}'}, ${data}}`;
  const json = "'Content-Type': 'application/json'";
  for (const [name, text] of Object.entries({
    "in a call": call(`data=${dict}`),
    "in a call, on lines of their own": call(`data=${dict}`).replaceAll(", ", ",\n    "),
    "in a call that says JSON": call(`data=${dict}`, `, ${json}`),
    "in a dict": object(`'data': ${dict}`),
    "on a line of its own": `POST ${url}\nheaders: {'API-Key': '${key}', 'API-Sign': '${signature}'}\ndata: ${dict}`,
  }))
    test(`${name} are the form that requests sends, not JSON`, async () => {
      assert.equal((await capturedRequest(text)).body, body);
      assert.deepEqual(await named(text), ["digest-as-hex"]);
    });

  for (const [name, text] of Object.entries({
    "that are encoded in several ways": call("data={'nonce': '1', 'text': 'a b'}"),
    "that are encoded in several ways, in a dict": object("'data': {'nonce': '1', 'text': 'a/b'}"),
    "as JSON, with spaces or without": call("json={'nonce': '1'}"),
  }))
    test(`${name}: the message says that a dict is not the text that was sent`, async () => {
      const { missing } = await capturedRequest(text);
      assert.deepEqual(
        missing.map(({ part }) => part),
        ["body"],
      );
      assert.match(
        missing[0].message,
        /A dict has only the parameters, and libraries encode them in several ways\. Print response\.request\.body/,
      );
    });
});

describe("a signature that a log shortens", () => {
  const short = (sign) => `curl ${url} -H 'API-Key: ${key}' -H 'API-Sign: ${sign}' -d '${body}'`;
  test("is compared as far as it is there, from 24 characters on", async () => {
    for (const dots of ["…", "..."]) {
      const [finding] = await investigate({ request: short(signature.slice(0, 24) + dots), secret });
      assert.deepEqual(finding.mistakes, ["digest-as-hex"]);
      assert.match(finding.explanation, /Only 24 characters of the signature are there/);
      await assert.rejects(named(short(signature.slice(0, 23) + dots)), /only a part of the API-Sign header/);
    }
  });
});

describe("what is hidden", () => {
  const curl = (sign, data, more = "") => `curl ${url} -H 'API-Key: ${key}' -H 'API-Sign: ${sign}' ${more} -d '${data}'`;
  for (const [name, text, part, said] of [
    ["a signature of asterisks", curl("***", body), "signature", /The curl command hides the API-Sign header\. Paste/],
    ["a signature in brackets", curl("<redacted>", body), "signature", /hides the API-Sign/],
    ["a signature that is cut off", curl(`${signature.slice(0, 10)}...`, body), "signature", /only a part of the API-Sign/],
    ["a key", curl(signature, body).replace(key, "[MASKED]"), "key", /hides the API-Key/],
    ["no signature", `curl ${url} -d '${body}'`, "signature", /The curl command has no signature: API-Sign is not among its headers/],
    ["a body that is cut off", curl(signature, `${body.slice(0, 30)}...`), "body", /only a part of the body/],
    ["a value in the body", curl(signature, `${body}&otp=***`), "body", /hides the body/],
    ["a body in a file", curl(signature, "@body.txt"), "body", /It came from a file/],
    [
      "a text that Node has cut off",
      inspect({ url, headers, method: "post", data: `${body}&userref=1234567890` }, { maxStringLength: 88 }),
      "body",
      /only a part.+console\.dir/,
    ],
    [
      "an object that Node does not show",
      inspect({ config: { url, method: "post", headers, data: { order: { nonce: { x: 1 } } } } }, { depth: 2 }),
      "body",
      /hides the body/,
    ],
    [
      "bytes that Node has cut off",
      inspect({ url, headers, method: "post", body: new Uint8Array(120) }, { maxArrayLength: 50 }),
      "body",
      /only a part/,
    ],
    [
      "a message with too few bytes",
      `POST ${path} HTTP/1.1\nAPI-Sign: ${signature}\nContent-Length: 80\n\n${body.slice(0, 40)}`,
      "body",
      /Its Content-Length is 80, but only 40 bytes are there/,
    ],
    [
      "a body that HTTPie has formatted",
      `POST ${path} HTTP/1.1\nAPI-Sign: ${signature}\nContent-Length: 31\n\n{\n    "nonce": 1616492376594,\n    "a": 1\n}\n\n\nHTTP/1.1 200 OK\n\n{}`,
      "body",
      /shows the body in another form than it was sent: its length is not the Content-Length\. .+--pretty=none/,
    ],
    ["a message without its body", `POST ${path} HTTP/1.1\nAPI-Sign: ${signature}\nContent-Length: 80\n`, "body", /does not show the body/],
    [
      "a variable for the body",
      `fetch("${url}", { method: "POST", headers: { "API-Sign": "${signature}" }, body: postData })`,
      "body",
      /name of a variable/,
    ],
    [
      "a computation for the body",
      `fetch("${url}", { method: "POST", headers: { "API-Sign": "${signature}" }, body: "nonce=" + nonce + "&a=1" })`,
      "body",
      /a computation/,
    ],
    [
      "a template for the body",
      `fetch("${url}", { method: "POST", headers: { "API-Sign": "${signature}" }, body: \`nonce=\${nonce}\` })`,
      "body",
      /name of a variable/,
    ],
    ["a variable for the headers", `fetch("${url}", { method: "POST", headers, body: "${body}" })`, "signature", /name of a variable/],
    [
      "a variable for the URL",
      `fetch(url, { method: "POST", headers: { "API-Sign": "${signature}" }, body: "${body}" })`,
      "path",
      /the URL is the name of a variable/,
    ],
    [
      "a computed variable in PowerShell",
      `$body = "nonce=" + $nonce\nInvoke-RestMethod "${url}" -Method Post -Headers @{ "API-Sign" = "${signature}" } -Body $body`,
      "body",
      /name of a variable/,
    ],
    [
      "a variable of PowerShell that is changed",
      `$body = "${body}"\n$body += "&otp=123456"\nInvoke-RestMethod "${url}" -Method Post -Headers @{ "API-Sign" = "${signature}" } -Body $body`,
      "body",
      /name of a variable/,
    ],
    [
      "headers of PowerShell that are added later",
      `$headers = @{}\n$headers.Add("API-Sign", "${signature}")\nInvoke-RestMethod "${url}" -Method Post -Headers $headers -Body "${body}"`,
      "signature",
      /name of a variable/,
    ],
    [
      "a body that wget sends from a file",
      recorded("wget-1.21.3-debug.txt").replace(/^\[BODY data: .*$/m, "[writing BODY file body.txt ... done]"),
      "body",
      /does not show the body/,
    ],
    [
      "a trace that is cut off",
      recorded("curl-7.88-trace-ascii.txt").replace(/^0040: .*$/gm, (line) => line.slice(0, 9)),
      "body",
      /only a part of the body/,
    ],
  ])
    test(`${name} is reported in a sentence, and not guessed`, async () => {
      const { missing, ...request } = await capturedRequest(text);
      assert.deepEqual(
        missing.map((one) => one.part),
        [part],
      );
      assert.match(missing[0].message, said);
      assert.match(missing[0].message, /^[A-Z][^]+\.$/);
      if (part !== "path") assert.ok(!(part in request));
      if (part !== "key") await assert.rejects(named(text), { name: "InvalidRequestError", message: said });
    });

  test("every variable in a call of fetch is reported", async () => {
    const text = `fetch(BASE + "${path}", { method: "POST", headers: { "API-Key": KEY, "API-Sign": sign(a, "b") }, body: qs.stringify(order) })`;
    assert.deepEqual((await capturedRequest(text)).missing.map(({ part }) => part).sort(), ["body", "key", "path", "signature"]);
  });

  test("a variable in the command is reported, and no error shows what was pasted", async () => {
    for (const text of [
      `curl ${url} -H "API-Sign: $SIGN" # ${secret}`,
      `fetch(${secret}`,
      `key = "${secret}"`,
      `curl -H '${secret}`,
      `{"x":"${secret}"}`,
    ])
      await assert.rejects(named(text), (error) => error.name === "InvalidRequestError" && !error.message.includes(secret.slice(0, 12)));
  });
});

test("the examples of the documentation do as they say", async () => {
  const page = readFileSync(new URL("../../pkg-template/docs/invalid-signature.md", import.meta.url), "utf8");
  const [first, second, ...more] = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code.replace(/^import .*;$/gm, ""));
  assert.deepEqual(more, []);
  const run = async (code) => {
    const lines = [];
    const AsyncFunction = run.constructor;
    const console = { log: (...values) => lines.push(values.map(String).join(" ")) };
    await new AsyncFunction("console", "investigate", "capturedRequest", "secret", code)(console, investigate, capturedRequest, secret);
    return lines;
  };
  const short = "nonce=1700000000000";
  const values = [key, wrong(short, "/0/private/Balance", "1700000000000"), short];
  const filled = first.replace(/API-Key: …|API-Sign: …|nonce=…/g, (text) =>
    text === "nonce=…" ? short : text.replace("…", values[+text.includes("Sign")]),
  );
  assert.match((await run(filled))[0], /^digest-as-hex /);
  const said = [...second.matchAll(/; \/\/ (.+?)( …)?$/gm)].map(([, text]) => text);
  const printed = await run(second);
  assert.equal(printed.length, said.length);
  for (const [index, text] of said.entries()) assert.ok(printed[index].startsWith(text), printed[index]);
});

describe("hostile text", () => {
  const big = 1_000_000;
  const junk = {
    "a megabyte of braces": "{".repeat(big),
    "a megabyte of pairs": '{"a":['.repeat(big / 6),
    "a megabyte of quotes": "'\"`".repeat(big / 3),
    "a megabyte of backslashes": `curl '${url}' -d $'${"\\".repeat(big)}`,
    "a megabyte without a space": "a".repeat(big),
    "a megabyte of spaces": `fetch(${" ".repeat(big)}`,
    "a megabyte of comments": "{//".repeat(big / 3),
    "a megabyte of line ends": `POST ${path} HTTP/1.1\n${"\n".repeat(big)}`,
    "a megabyte of headers": `POST ${path} HTTP/1.1\n${"a: b\n".repeat(big / 5)}`,
    "a megabyte of calls": "fetch(".repeat(big / 6),
    "a megabyte of curl": "curl ".repeat(big / 5),
    "a megabyte of send": `${"send: b'".repeat(big / 8)}`,
    "a megabyte of messages": `POST ${path}\na: b\n`.repeat(big / 30),
    "a megabyte of dollars": `curl "${"$".repeat(big)}"`,
    "a megabyte of carets": `curl ^"${"^".repeat(big)}`,
    "a megabyte of ampersands": "&".repeat(big),
    "a megabyte of operators, and curl": `${"&|;".repeat(big / 3)}curl`,
    "a megabyte of ampersands in a body": `POST ${path} HTTP/1.1\na: b\n\n${"&".repeat(big)}`,
    "a megabyte of times": "12:00:00 POST /a\n".repeat(big / 17),
    "a megabyte of beginnings": `12:00:00 ${"GET /".repeat(big / 5)}`,
    "a megabyte of pseudo headers": ":method: POST\n:path: /a\n".repeat(big / 24),
    "a megabyte of quoted messages": "'GET /a HTTP/1.1\\r\\n".repeat(big / 20),
    "a megabyte of aiohttp": "<CIMultiDict('a': 'b', ".repeat(big / 23),
    "a megabyte of variables": `${'$a="""\n'.repeat(big / 8)}Invoke-WebRequest -Body $a`,
    "a megabyte of PowerShell": `Invoke-WebRequest ${'-Headers @{"'.repeat(big / 12)}`,
    "a quote that never ends": `{'url': '${"x".repeat(big)}`,
    "a trace that never ends": "=> Send header, 9 bytes (0x9)\n0000: POST /\n".repeat(big / 40),
    "deep arrays in JSON": `${"[".repeat(5000)}${"]".repeat(5000)}`,
    "letters before braces": `${"[Function ".repeat(big / 10)}`,
    "three megabytes": "x ".repeat(1.5 * big),
    nothing: "",
    spaces: " \n ",
  };
  for (const [name, text] of Object.entries(junk))
    test(`${name}: an error in a sentence, and soon`, async () => {
      const start = process.cpuUsage();
      await assert.rejects(named(text), (error) => {
        assert.equal(error.name, "InvalidRequestError", `${error.stack}`.slice(0, 500));
        assert.ok(error.message.length < 2500 && /^[A-Z0-9][^]+\.?/.test(error.message));
        return true;
      });
      const { user } = process.cpuUsage(start);
      // A search that starts again at each line or quote would take minutes. The slowest takes 0.8 s on an idle machine.
      assert.ok(user < 5_000_000, `${user / 1000} ms of processor time`);
    });

  test("parts of real texts, cut, doubled and exchanged, cause no other error", async () => {
    let state = 22;
    const random = (below) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % below;
    };
    const texts = [
      ...Object.values(TEXTS),
      ...readdirSync(folder)
        .filter((name) => /\.(txt|json)$/.test(name))
        .map(recorded),
    ];
    const counts = { read: 0, refused: 0 };
    for (let round = 0; round < 1500; round++) {
      let text = texts[random(texts.length)];
      for (let change = random(4); change >= 0; change--) {
        const [from, to] = [random(text.length + 1), random(text.length + 1)].sort((a, b) => a - b);
        const other = texts[random(texts.length)];
        const piece = ["", "'", '"', "\\", "{", "[", "(", "…", "\u0000", "\n", other.slice(0, random(300))][random(11)];
        text = text.slice(0, from) + piece + text.slice(random(2) ? from : Math.min(to, from + 40));
      }
      try {
        for (const { missing, body: found } of await capturedRequests(text))
          assert.equal(
            found === undefined,
            missing.some(({ part }) => part === "body"),
          );
        counts.read++;
      } catch (error) {
        assert.equal(error.name, "InvalidRequestError", `${error.stack}\n${JSON.stringify(text)}`.slice(0, 3000));
        counts.refused++;
      }
    }
    assert.ok(counts.read > 300 && counts.refused > 50, JSON.stringify(counts));
  });
});

describe("subscriptions of the Futures WebSocket", () => {
  const challenge = "c100b894-1729-464d-ace1-52dbce11db42";
  const made = createHmac("sha512", Buffer.from(secret, "base64")).update(sha(challenge, "hex")).digest("base64");
  const message = { event: "subscribe", feed: "fills", api_key: key, original_challenge: challenge, signed_challenge: made };

  test("the challenge and its signature are read from the message, as an object, as text and in a log", async () => {
    for (const request of [message, JSON.stringify(message), `12:00:00 sent ${inspect(message)}`]) {
      const { format, api, path: none, body: signed, signature: read, missing } = await capturedRequest(request);
      assert.deepEqual([format, api, none, signed, read, missing], ["challenge", "futures", "", challenge, made, []]);
      assert.deepEqual(await named(request), ["digest-as-hex"]);
    }
  });
});
