// Chromium, as the machine has it.
import { chromium } from "playwright-core";
import { findProgram } from "./find.mjs";

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
  return process.env.CHROMIUM || findProgram(["chromium", "chromium-browser", "google-chrome"]);
}

/** Starts Chromium. @returns playwright's browser, to be closed */
export function launch() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("Chromium was not found: install it, or name it in the environment variable CHROMIUM");
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/**
 * Starts Chromium for pages without a server.
 *
 * @returns its `version`, `open(origin, files)`, and `stop()`; each page that `open` gives has a process of its own
 */
export async function openBrowser() {
  const browser = await launch();
  const open = async (origin, files) => {
    const context = await browser.newContext();
    for (const [path, body] of Object.entries({ "/": "<!doctype html>", ...files })) {
      await context.route(origin + path, (route) => route.fulfill({ body, contentType: path === "/" ? "text/html" : "text/javascript" }));
    }
    const page = await context.newPage();
    await page.goto(`${origin}/`);
    return page;
  };
  return { version: browser.version(), open, stop: () => browser.close() };
}

/**
 * Opens an empty page of an origin.
 *
 * @param files what the origin serves besides, by path: scripts
 * @returns playwright's page, the browser's version, and `stop()`
 */
export async function openPage(origin, files) {
  const { version, open, stop } = await openBrowser();
  return { page: await open(origin, files), version, stop };
}
