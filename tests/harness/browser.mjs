// Chromium, as the machine has it.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The pages come from this program, not from a server: Chromium would not let them reach one on this machine.
  "--disable-features=LocalNetworkAccessChecks",
];

/** Where Chromium is; undefined if this machine has none. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Opens an empty page of an origin.
 *
 * @param files what the origin serves besides, by path: scripts
 * @returns playwright's page, the browser's version, and `stop()`
 */
export async function openPage(origin, files) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ARGUMENTS });
  const context = await browser.newContext();
  for (const [path, body] of Object.entries({ "/": "<!doctype html>", ...files })) {
    await context.route(origin + path, (route) => route.fulfill({ body, contentType: path === "/" ? "text/html" : "text/javascript" }));
  }
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  return { page, version: browser.version(), stop: () => browser.close() };
}
