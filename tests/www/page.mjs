// The workbench in Chromium or Firefox, watched: whatever it asks the network for, and whatever its policy forbids, is written down.
import { readFileSync } from "node:fs";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, launchFirefox } from "../harness/browser.mjs";
import { serve } from "../../www/serve.mjs";

export const FILE = fileURLToPath(new URL("../../target/www/index.html", import.meta.url));
export const { vectors } = JSON.parse(readFileSync(new URL("../vectors/kraken.json", import.meta.url), "utf8"));

/** Whether these tests run in Firefox, which cannot do all that they ask for: it has no clock and no settings for one page alone. */
export const FIREFOX = process.env.WORKBENCH_BROWSER === "firefox";
/** The option of tests of what the page computes, which is the same in each browser. Firefox runs the others, because it is slow. */
export const COMPUTED = { skip: FIREFOX && "it does not depend on the browser" };
/** Firefox has media features for all pages, so each set has a browser of its own. */
const browsers = new Map();

/** Returns a browser, for Firefox one with these media features. */
function browserWith({ colorScheme, reducedMotion }) {
  const name = FIREFOX ? `${colorScheme} ${reducedMotion}` : "";
  if (!browsers.has(name)) browsers.set(name, FIREFOX ? launchFirefox({ colorScheme, reducedMotion }) : launch());
  return browsers.get(name);
}

const server = await serve(readFileSync(FILE));
/** What has arrived at the server, whatever the browser says. */
export const arrived = [];
server.on("request", ({ url }) => arrived.push(url));
export const ADDRESS = `http://127.0.0.1:${server.address().port}/`;
after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
  server.close();
});

/**
 * Opens the page.
 *
 * @param options playwright's for the context; and `address`; `time`, at which the clock stands still; `before`, which the page runs first
 * @returns playwright's page and context, and `seen`: requests, errors, and violations of the policy
 */
export async function open({ address = ADDRESS, time, before, ...options } = {}) {
  const all = { viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options };
  const browser = await browserWith(all);
  const context = await browser.newContext(all);
  after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const seen = { requests: [], errors: [] };
  // What is in the page's own memory comes from nowhere.
  context.on("request", (request) => request.url().startsWith("blob:") || seen.requests.push(request.url()));
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  await page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violations.push(effectiveDirective));
  });
  if (before) await page.addInitScript(before);
  if (time !== undefined) {
    await page.clock.install({ time: time - 1000 });
    await page.clock.pauseAt(time);
  }
  await page.goto(address);
  return { page, context, seen, violations: () => page.evaluate(() => globalThis.violations) };
}

/** Presses the button of an example. */
export const example = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Chooses the example of a mistake, and waits for the findings. */
export async function mistake(page, name) {
  await page.locator("#mistake").selectOption(name);
  await page.locator('#verdict[data-kind="mistake"]').waitFor();
}

/** Allows the pages of a context to use the clipboard, which Firefox allows to all. */
export const allowClipboard = async (context) => FIREFOX || (await context.grantPermissions(["clipboard-read", "clipboard-write"]));

/** Types a request into the fields. */
export async function fill(page, { kind, secret, path, nonce, body, signature = "" }) {
  const mode = { spot: "spot", futures: "futures" }[kind] ?? "challenge";
  await page.locator(`label[for="mode-${mode}"]`).click();
  const fields = { ...(mode === "challenge" ? {} : { path, nonce }), body, secret, signature };
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
}

/** The bytes of a step, as they are shown. */
export const shown = (page, step) => page.locator(`.step[data-step="${step}"] .value`).innerText();
