import assert from "node:assert/strict";
import { copies, writeVariables } from "../helper.mjs";

export default {
  title: "Hono on Workers",
  kind: "Workers",
  brief: "Hono …",
  version: "hono",
  nodes: [22],
  how: "with Cloudflare's Vite plugin: `vite dev`, `vite build && vite preview`, with a Durable Object",
  know: "",
  async run(app) {
    writeVariables(app);
    const vite = app.path("node_modules/vite/bin/vite.js");
    const calls = async (command) => {
      const url = await app.start(app.node, [vite, command]);
      await app.ask(url);
      await app.ask(`${url}/object`);
      app.stop();
    };
    await calls("dev");
    await app.run(app.node, [vite, "build"]);
    assert.deepEqual(copies(app.path("dist")), { files: 1, embedded: 0 });
    await calls("preview");
  },
};
