import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeVariables } from "../helper.mjs";

export default {
  title: "OpenNext on Workers",
  kind: "Workers",
  brief: "OpenNext …",
  version: "@opennextjs/cloudflare",
  nodes: [22],
  how: "`opennextjs-cloudflare build`, started by wrangler: a Node route, a Durable Object",
  know: "[`serverExternalPackages`](#nextjs-on-workers)",
  async run(app) {
    for (const name of ["app/layout.js", "app/node", "app/page.js", "lib"])
      cpSync(fileURLToPath(new URL(`../next/${name}`, import.meta.url)), app.path(name), { recursive: true });
    await app.script("@opennextjs/cloudflare/dist/cli/index.js", ["build"]);
    writeVariables(app);
    const wrangler = app.path("node_modules/wrangler/bin/wrangler.js");
    const url = await app.start(app.node, [wrangler, "dev", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"]);
    for (const path of ["node", "object"]) await app.ask(`${url}/${path}`);
  },
};
