// Chromium and Firefox, as the machine has them.
import { chromium, firefox } from "playwright-core";
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

/** Where Firefox is; undefined if this machine has none. */
export function findFirefox() {
  return process.env.FIREFOX || findProgram(["firefox-esr", "firefox"]);
}

/**
 * Starts Firefox. The color scheme and reduced motion are those of the whole browser: dark or light, and reduced or not.
 *
 * @returns playwright's browser, to be closed
 */
export async function launchFirefox({ colorScheme, reducedMotion } = {}) {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error("Firefox was not found: install it, or name it in the environment variable FIREFOX");
  const firefoxUserPrefs = {
    "ui.systemUsesDarkTheme": colorScheme === "dark" ? 1 : 0,
    "ui.prefersReducedMotion": reducedMotion === "reduce" ? 1 : 0,
    // A test may read what a page has copied.
    "dom.events.testing.asyncClipboard": true,
  };
  const browser = await firefox.launch({ channel: "moz-firefox", executablePath, firefoxUserPrefs });
  // Playwright sets media features of every page, by a command that no Firefox has yet. The settings above do the same.
  const session = Object.getPrototypeOf(browser._connection.toImpl(browser)._browserSession);
  const { send } = session;
  session.send = function (method, parameters) {
    return method === "emulation.setMediaFeaturesOverride" ? Promise.resolve({}) : send.call(this, method, parameters);
  };
  return browser;
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
