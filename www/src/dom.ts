// The page is built from nodes, never from markup: its policy forbids the latter.

type Attributes = Record<string, string | number | boolean | undefined>;

/** A new element. Attributes that are `false` or `undefined` are left out. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** The element of an id, which is in the page. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}.`);
  return found as T;
}

/** Whether the reader asked for as little motion as possible. */
export const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
