import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { copies } from "../helper.mjs";

/** Builds with one of Next.js's bundlers, starts what was built, and makes the calls of some paths. */
async function buildAndStart(app, bundler, paths) {
  await app.script("next/dist/bin/next", ["build", bundler]);
  const edge = copies(app.path(".next/server", bundler === "--webpack" ? "edge-chunks" : "edge"));
  assert.equal(edge.embedded, 0, "the binary is a file of its own in edge functions");
  assert.ok(edge.files > 0);
  const url = await app.start(app.node, [app.path("node_modules/next/dist/bin/next"), "start", "-p", "0", "-H", "127.0.0.1"]);
  for (const path of paths) await app.ask(`${url}/${path}`);
  for (const price of ["50001.5", "50002.5"]) {
    app.exchange.market("XBTUSD").trade(price, "1");
    const page = await (await fetch(url)).text();
    assert.ok(page.includes(`<p>${price}`), `the page does not have the price ${price}: ${page}`);
  }
  app.stop();
}

export default {
  title: "Next.js",
  kind: "servers and sites",
  version: "next",
  nodes: [20],
  how: "`next build && next start`: Node and edge routes, a page; with Turbopack and with webpack",
  know: "[pages without a key, edge routes](#nextjs)",
  async run(app) {
    await buildAndStart(app, "--turbopack", ["node", "edge", "api/edge"]);
    // With webpack, Next.js 16.4.6 cannot build any edge route of the folder `app`, not even one without this package.
    rmSync(app.path("app/edge"), { recursive: true });
    rmSync(app.path(".next"), { recursive: true });
    await buildAndStart(app, "--webpack", ["node", "api/edge"]);
  },
};
