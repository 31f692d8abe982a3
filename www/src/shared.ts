// What a link says about a mistake.
import { byId, element } from "./dom";
import type { Broken } from "./examples";
import type { Mode } from "./form";
import { mistakes } from "./library";
import { exampleOf, type Shared } from "./link";
import { UNITS } from "./units";

const APIS: Record<Mode, string> = { spot: "Spot", futures: "Futures", challenge: "a Futures challenge" };
const BODIES = { form: "a form as the body", json: "a JSON body", none: "no body" };

const box = byId("shared");

/** Shows what a link says. `load` fills in an example. Returns the first example. */
export function show(shared: Shared, load: (example: Broken) => void): Broken | undefined {
  const { api, path, nonce, body, mistakes: names } = shared;
  const unit = UNITS.find(({ name }) => name === nonce)?.title;
  const parts = [APIS[api], path, unit && `a nonce in ${unit}`, body && BODIES[body]].filter(Boolean);
  const examples = names.flatMap((name) => exampleOf(name, shared) ?? []);
  const items = mistakes()
    .filter(({ name }) => names.includes(name))
    .map(({ name, explanation, fix }) => {
      const example = examples.find((example) => example.name === name);
      const button = element("button", { type: "button", class: "quiet" }, "Example", element("span", { class: "unseen" }, ` of ${name}`));
      button.addEventListener("click", () => example && load(example));
      return element("li", {}, element("code", {}, name), element("p", {}, element("strong", {}, explanation), ` ${fix}`), button);
    });
  const isOfAll = examples[0]?.mistakes.join() === names.join();
  const text = names.length
    ? `It happened with ${parts.join(", ")}. The link holds nothing else. Below is an example ${isOfAll ? "" : "of the first one "}with a published key.`
    : "This version of the page does not know the mistake in the link. It may be the link of a newer version.";
  byId("shared-said").textContent = text;
  byId("shared-mistakes").replaceChildren(...items);
  box.hidden = false;
  return examples[0];
}

/** Removes it from the page. */
export function hide(): void {
  box.hidden = true;
}
