// The workbench in Chromium, watched: whatever it asks the network for, and whatever its policy forbids, is written down.
import { readFileSync } from "node:fs";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "../harness/browser.mjs";
import { serve } from "../../www/serve.mjs";

export const FILE = fileURLToPath(new URL("../../target/www/index.html", import.meta.url));
export const { vectors } = JSON.parse(readFileSync(new URL("../vectors/kraken.json", import.meta.url), "utf8"));

const browser = await launch();
const server = await serve(readFileSync(FILE));
/** What has arrived at the server, whatever the browser says. */
export const arrived = [];
server.on("request", ({ url }) => arrived.push(url));
export const ADDRESS = `http://127.0.0.1:${server.address().port}/`;
after(async () => {
  await browser.close();
  server.close();
});

/**
 * Opens the page.
 *
 * @param options playwright's for the context; and `address`, and `time`, at which the clock stands still
 * @returns playwright's page and context, and `seen`: requests, errors, and violations of the policy
 */
export async function open({ address = ADDRESS, time, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const seen = { requests: [], errors: [] };
  context.on("request", (request) => seen.requests.push(request.url()));
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  await page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violations.push(effectiveDirective));
  });
  if (time !== undefined) {
    await page.clock.install({ time: time - 1000 });
    await page.clock.pauseAt(time);
  }
  await page.goto(address);
  return { page, context, seen, violations: () => page.evaluate(() => globalThis.violations) };
}

/** Presses the button of an example. */
export const example = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Types a request into the fields. */
export async function fill(page, { kind, secret, path, nonce, body, signature = "" }) {
  const mode = { spot: "spot", futures: "futures" }[kind] ?? "challenge";
  await page.locator(`label[for="mode-${mode}"]`).click();
  const fields = { ...(mode === "challenge" ? {} : { path, nonce }), body, secret, signature };
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
}

/** The bytes of a step, as they are shown. */
export const shown = (page, step) => page.locator(`.step[data-step="${step}"] .value`).innerText();
