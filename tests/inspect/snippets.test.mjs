// The code that the inspector hands out, run in its own language. (Rust's is run by cargo: tests/snippets.rs.)
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { explain, investigate } from "kraken-signer/inspect";

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "kraken-signer-snippets-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const SCHEMES = {
  spot: { path: "/0/private/AddOrder", nonce: "1616492376594", body: "nonce=1616492376594&pair=XBTUSD&text=%C3%A9" },
  futures: { path: "/derivatives/api/v3/sendorder", nonce: "1616492376594", body: "symbol=PI_XBTUSD&cliOrdId=%C3%A9" },
};
const env = (more) => ({ ...process.env, KRAKEN_KEY: "key", KRAKEN_SECRET: secret, ...more });

/** Writes the snippet to a file, as its reader would. */
function file(api, language, name) {
  const { path, nonce, body } = SCHEMES[api];
  const hex = Buffer.from(explain({ api, secret, path, nonce, body }).signature, "base64").toString("hex");
  const [{ snippet }] = investigate({ api, secret, path, nonce, body, signature: hex, language });
  const place = join(folder, name);
  writeFileSync(place, snippet.code);
  return place;
}

/** How each language signs the request, with the code of the snippet. */
const RUN = {
  async javascript(api, { path, nonce, body }) {
    const code = await import(pathToFileURL(file(api, "javascript", `${api}.mjs`)));
    const request = code.request("key", secret, path, { a: "b c" });
    assert.equal(new URL(request.url).pathname, path);
    const sent = await request.text();
    const given = request.headers.get("nonce") ?? new URLSearchParams(sent).get("nonce");
    const header = api === "spot" ? "API-Sign" : "Authent";
    assert.equal(request.headers.get(header), explain({ api, secret, path, nonce: given, body: sent }).signature);
    return api === "spot" ? code.apiSign(secret, path, nonce, body) : code.authent(secret, path, body, nonce);
  },
  async python(api, { path, nonce, body }) {
    file(api, "python", `${api}.py`);
    const program = `import os, ${api}
secret = os.environ["KRAKEN_SECRET"]
request = ${api}.request("key", secret, ${JSON.stringify(path)}, {"a": "b c"})
assert request.full_url.endswith(${JSON.stringify(path)}) and request.data.endswith(b"a=b+c")
print(${api}.${api === "spot" ? `api_sign(secret, "${path}", "${nonce}", "${body}")` : `authent(secret, "${path}", "${body}", "${nonce}")`})`;
    const { stdout } = await execute("python3", ["-B", "-c", program], { cwd: folder, env: env() });
    return stdout.trim();
  },
  async shell(api, { path, nonce, body }) {
    const script = file(api, "shell", `${api}.sh`);
    const curl = join(folder, "curl.sh");
    writeFileSync(curl, `#!/bin/sh\nfor argument in "$@"; do printf '%s\\n' "$argument"; done\n`, { mode: 0o755 });
    const parameters = body.split("&").filter((parameter) => !parameter.startsWith("nonce="));
    const { stdout } = await execute("bash", [script, path, ...parameters], { env: env({ NONCE: nonce, CURL: curl }) });
    const lines = stdout.split("\n");
    assert.ok(lines.includes(body), `it sends ${stdout}`);
    // Without a nonce from outside, it is made of the time, also where date has no milliseconds.
    const date = join(folder, "date");
    for (const [printed, number] of [
      ["1616492376594", "1616492376594"],
      ["16164923763N", "1616492376000"],
      ["1616492376%3N", "1616492376000"],
      ["1616492376", "1616492376000"],
    ]) {
      writeFileSync(date, `#!/bin/sh\n[ "$1" = +%s ] && echo 1616492376 || echo ${printed}\n`, { mode: 0o755 });
      const more = { CURL: curl, PATH: `${folder}:${process.env.PATH}` };
      const { stdout: timed } = await execute("bash", [script, path, "a=b"], { env: env(more) });
      assert.ok(timed.includes(api === "spot" ? `nonce=${number}&a=b\n` : `Nonce: ${number}\n`), `it sends ${timed}`);
    }
    return lines.find((line) => /^(API-Sign|Authent): /.test(line)).split(": ")[1];
  },
  async java(api, { path, nonce, body }) {
    const source = file(api, "java", api === "spot" ? "Spot.java" : "Futures.java");
    const { stdout } = await execute("java", [source, path, nonce, body], { env: env() });
    return stdout.trim();
  },
};

for (const [language, run] of Object.entries(RUN)) {
  for (const [api, request] of Object.entries(SCHEMES)) {
    test(`${language}, ${api}`, { timeout: 120_000 }, async (t) => {
      const program = { javascript: "node", python: "python3", shell: "openssl", java: "java" }[language];
      try {
        await execute(program, [program === "openssl" ? "version" : "--version"]);
      } catch {
        assert.ok(!process.env.CI, `${program} is not there`);
        return t.skip(`${program} is not there`);
      }
      assert.equal(await run(api, request), explain({ api, secret, ...request }).signature);
    });
  }
}
