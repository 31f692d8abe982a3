// Programs, as the machine has them.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the first of these programs is, on PATH or in other folders; undefined if this machine has none. */
export function findProgram(names, others = []) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...others];
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
