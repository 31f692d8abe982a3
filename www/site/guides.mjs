// The guides, as the list in their folder names them: the only place with their order, sections and short titles.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the guides, which is also part of the npm package. */
export const GUIDES = fileURLToPath(new URL("../../pkg-template/docs/", import.meta.url));

const { repository, description } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"));

/** The address of the repository. `Cargo.toml` is the place to change it, from which the build writes it into the package. */
export const REPOSITORY = repository.url.replace(/^git\+|\.git$/g, "");

/** What the package is, in a sentence or two. */
export const DESCRIPTION = description;

/** Reads sections from the text of the list: each with its title and its guides, which have a title, a file name and a line of description. */
export function sectionsOf(list) {
  return list
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const guides = [...section.matchAll(/^- \[(.+?)\]\(([\w-]+\.md)\)(?:: (.+))?$/gm)];
      return {
        title: section.split("\n", 1)[0],
        guides: guides.map(([, title, file, description = ""]) => ({ title, file, description })),
      };
    });
}

/** The sections of the guides. */
export const sections = sectionsOf(readFileSync(`${GUIDES}README.md`, "utf8"));
