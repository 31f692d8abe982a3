// The built site: its files, and its pages in Chromium, with everything that they request and that their policy blocks.
import { readFileSync, readdirSync } from "node:fs";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "../harness/browser.mjs";
import { serveSite } from "../../www/site/serve.mjs";

export const SITE = fileURLToPath(new URL("../../target/www/site/", import.meta.url));

/** Every page that VitePress made, as a path below the site. */
export const pages = readdirSync(SITE, { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".html") && !/^(rust|workbench)\//.test(name));

/** Reads a file of the site. */
export const read = (path) => readFileSync(SITE + path, "utf8");

/** The ids of a page, to which links can lead. */
export const idsOf = (html) => new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => unescape(id)));

/** The addresses in a page: of links, pictures, styles and scripts. */
export const addressesOf = (html) => [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, address]) => unescape(address));

const unescape = (text) => text.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");

/** Starts a server of the site and a browser, until the tests of the file have ended. */
export async function start() {
  const browser = await launch();
  const server = await serveSite(SITE);
  const address = `http://127.0.0.1:${server.address().port}/`;
  after(async () => {
    await browser.close();
    server.close();
  });

  /** Opens a page, with playwright's options for the context. `seen` collects requests to other hosts, errors, and violations of the policy. */
  async function open(path, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
    after(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const seen = [];
    context.on("request", (request) => request.url().startsWith(address) || seen.push(`requests ${request.url()}`));
    context.on("response", (response) => response.status() >= 400 && seen.push(`${response.status()} ${response.url()}`));
    page.on("pageerror", (error) => seen.push(error.message));
    page.on("console", (message) => message.type() === "error" && seen.push(message.text()));
    await page.goto(address + path);
    return { page, context, seen };
  }
  return { address, open };
}
