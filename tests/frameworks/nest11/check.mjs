import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import nest, { run } from "../nest/check.mjs";

export default {
  ...nest,
  run(app) {
    for (const name of ["src", "tsconfig.json"])
      cpSync(fileURLToPath(new URL(`../nest/${name}`, import.meta.url)), app.path(name), { recursive: true });
    return run(app);
  },
};
