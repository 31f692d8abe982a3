// Runs tests of wasm-bindgen-test in Chromium. Cargo calls this as the runner of its tests, with the real one before the test's binary:
// that one serves a page, which this opens.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { launch } from "./browser.mjs";

const [program, ...args] = process.argv.slice(2);
const server = spawn(program, args, {
  env: { ...process.env, WASM_BINDGEN_USE_BROWSER: "1", NO_HEADLESS: "1", WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0" },
  stdio: ["ignore", "pipe", "inherit"],
});
const url = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on("line", (line) => {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
    if (found) resolve(found[0]);
  });
  server.once("exit", (code) => reject(new Error(`the server of the tests ended with ${code}`)));
});
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(url);
  const output = page.locator("#output");
  await page.waitForFunction(() => /test result: /.test(document.getElementById("output").textContent), undefined, { timeout: 120_000 });
  const text = await output.textContent();
  console.log(`Chromium ${browser.version()}\n${text}`);
  process.exitCode = /test result: ok\. [1-9]\d* passed; 0 failed/.test(text) ? 0 : 1;
} finally {
  await browser.close();
  server.kill();
}
