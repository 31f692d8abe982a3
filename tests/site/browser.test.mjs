// For everyone: pages in Chromium, in both color schemes, on phones and desktops, with and without JavaScript.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { start } from "./helper.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };
const PAGES = {
  home: "index.html",
  contents: "contents.html",
  guide: "guides/sharing-a-key.html",
  tabs: "guides/start.html",
  entry: "api/sockets/index.html",
  class: "api/kraken-signer/classes/SpotClient.html",
  missing: "404.html",
};
const pictures = fileURLToPath(new URL("../../target/www/pictures/", import.meta.url));
mkdirSync(pictures, { recursive: true });
/** Takes a picture to look at, but not in CI. */
const picture = async (page, name) => process.env.CI || (await page.screenshot({ path: `${pictures}site-${name}.png` }));
const { address, open } = await start();

// Two at a time: axe computes for long, and each page has a process of its own.
describe("each page in both schemes and sizes", { concurrency: 2 }, () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const [name, path] of Object.entries(PAGES)) {
        test(`${name}, ${size}, ${colorScheme}: axe finds no problem, nothing is too wide, and nothing comes from elsewhere`, async () => {
          const { page, context, seen } = await open(path, { viewport, colorScheme });
          await page.waitForFunction(() => document.querySelector("#app")?.__vue_app__);
          await picture(page, `${name}-${size}-${colorScheme}`);
          const [wanted, had] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
          assert.ok(wanted <= had, `${wanted} pixels wide`);
          await page.evaluate(AXE);
          const { violations } = await page.evaluate(() => axe.run());
          const said = violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
          );
          assert.deepEqual(said, []);
          assert.deepEqual(seen, []);
          await context.close();
        });
      }
    }
  }
});

/** Opens the search. A page reacts to keys only once its script has run, which takes a while on a busy machine. */
async function openSearch(page) {
  const input = page.locator("#localsearch-input");
  for (let left = 10; left && !(await input.isVisible()); left--) {
    await page.keyboard.press("Control+k");
    await input.waitFor({ timeout: 3000 }).catch(() => {});
  }
  return input;
}

test("the search finds guides by their text, and classes by their name", async () => {
  const { page, seen } = await open("index.html");
  for (const [text, path] of [
    ["advisory lock", "guides/sharing-a-key.html"],
    ["SpotClient", "api/kraken-signer/classes/SpotClient.html"],
  ]) {
    await (await openSearch(page)).fill(text);
    await page.locator(`#localsearch-list a[href^="/${path}"]`).first().click();
    await page.waitForURL((url) => url.href.startsWith(address + path));
  }
  assert.deepEqual(seen, []);
});

test("the navigation leads to the workbench and to the crate, which stay within their policies", async () => {
  const { page, seen } = await open("guides/index.html");
  await page.getByRole("link", { name: "Workbench" }).first().click();
  await page.getByRole("heading", { name: "Signature workbench" }).waitFor();
  await page.goto(`${address}guides/index.html`);
  await page.getByRole("link", { name: "Rust", exact: true }).first().click();
  await page.getByRole("heading", { name: "Crate kraken_signer" }).waitFor();
  assert.deepEqual(seen, []);
});

test("the color scheme can be chosen, and the page remembers it", async () => {
  const { page } = await open("guides/index.html", { colorScheme: "light" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await background();
  await page.locator(".VPNavBarAppearance button").click();
  assert.notEqual(await background(), before);
  await page.reload();
  assert.notEqual(await background(), before);
});

test("a tab that is chosen in one step is chosen in the others, and the step stays where it is", async () => {
  const { page } = await open("guides/start.html");
  await page.waitForFunction(() => document.querySelector("#app")?.__vue_app__);
  const chosen = () =>
    page.evaluate(() => [...document.querySelectorAll(".tabs > input:checked + label")].map((label) => label.textContent));
  assert.deepEqual(await chosen(), ["Node", "Node and Workers", "Node"]);
  const last = page.locator(".tabs").last().locator("label", { hasText: "Deno" });
  await last.scrollIntoViewIfNeeded();
  const top = async () => Math.round((await last.boundingBox()).y);
  const before = await top();
  await last.click();
  assert.deepEqual(await chosen(), ["Deno", "Deno", "Deno"]);
  assert.equal(await top(), before);
  await page.locator(".tabs").first().locator("label", { hasText: "Workers" }).click();
  assert.deepEqual(await chosen(), ["Workers", "Node and Workers", "Workers"]);
});

test("without JavaScript, a phone shows text, colors of the scheme, and a way to every page", async () => {
  const { page, seen } = await open("guides/sharing-a-key.html", { viewport: SIZES.phone, colorScheme: "dark", javaScriptEnabled: false });
  await page.getByRole("heading", { name: "RedisLane" }).waitFor();
  await picture(page, "no-script");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "All pages" }).click();
  await page.getByRole("link", { name: "SpotClient", exact: true }).click();
  await page.getByRole("heading", { name: "Class: SpotClient" }).waitFor();
  assert.deepEqual(seen, []);
});
