import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import wrangler, { run } from "../wrangler/check.mjs";

export default {
  ...wrangler,
  nodes: [20],
  run(app) {
    for (const name of ["worker.js", "wrangler.jsonc"])
      cpSync(fileURLToPath(new URL(`../wrangler/${name}`, import.meta.url)), app.path(name));
    return run(app);
  },
};
