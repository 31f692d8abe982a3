// What the site adds to Markdown. In the repository and in the npm package, the same files are read without it.

/** Makes the anchor of a heading as GitHub does, so that links to headings work in both. */
export const slugify = (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");

const LONG = 60;

/**
 * Makes tables reachable by keyboard, because wide ones scroll, and gives no header without text to screen readers. Cells with much text get a class, because
 * a phone would show them as columns of single words.
 */
export function accessibleTables(markdown) {
  markdown.renderer.rules.table_open = () => '<table tabindex="0">\n';
  markdown.core.ruler.push("long-cells", ({ tokens }) => {
    tokens.forEach((token, at) => {
      if (token.type === "td_open" && tokens[at + 1].content.length > LONG) token.attrJoin("class", "long");
    });
  });
  markdown.core.ruler.push("empty-headers", ({ tokens }) => {
    tokens.forEach((token, at) => {
      if (token.type !== "th_open" || tokens[at + 1].content !== "") return;
      token.tag = "td";
      tokens[at + 2].tag = "td";
    });
  });
}

/** Gives a class to the options of commands, such as `--futures`, so that no line ends behind their hyphens. */
export function wholeOptions(markdown) {
  markdown.core.ruler.push("whole-options", ({ tokens }) => {
    for (const child of tokens.flatMap(({ children }) => children ?? []))
      if (child.type === "code_inline" && /^-[\w-]+$/.test(child.content)) child.attrJoin("class", "option");
  });
}

/** Links the first mention of a symbol in code to its page of the reference. */
export function symbolLinks(markdown, symbols) {
  markdown.core.ruler.push("symbol-links", ({ tokens, env, Token }) => {
    if (env.relativePath?.startsWith("api/")) return;
    const seen = new Set();
    tokens.forEach((token, at) => {
      if (token.type !== "inline" || tokens[at - 1]?.type === "heading_open") return;
      let open = 0;
      token.children = token.children.flatMap((child) => {
        if (child.type === "link_open") open += 1;
        if (child.type === "link_close") open -= 1;
        const path = child.type === "code_inline" && open === 0 && symbols.get(child.content.replace(/\(\)$/, ""));
        if (!path || seen.has(path)) return [child];
        seen.add(path);
        const link = new Token("link_open", "a", 1);
        link.attrs = [["href", `/api/${path}`]];
        return [link, child, new Token("link_close", "a", -1)];
      });
    });
  });
}

const isMarker = (token, marker) => token.type === "html_block" && token.content.trim() === `<!-- ${marker} -->`;

/** Finds the tabs between two markers: one for each heading, with the tokens below it. */
function tabsOf(tokens) {
  const tabs = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at].type === "heading_open") {
      tabs.push({ id: tokens[at].attrGet("id"), title: tokens[at + 1].content, tokens: [] });
      at += 2;
    } else tabs.at(-1)?.tokens.push(tokens[at]);
  }
  return tabs;
}

/**
 * Shows the headings between `<!-- tabs -->` and `<!-- /tabs -->`, with what is below each, as tabs. They are radio buttons and styles, so they work without
 * JavaScript.
 */
export function tabs(markdown) {
  markdown.core.ruler.push("tabs", (state) => {
    const html = (content) => Object.assign(new state.Token("html_block", "", 0), { content });
    let group = 0;
    for (let start; (start = state.tokens.findIndex((token) => isMarker(token, "tabs"))) >= 0;) {
      const length = state.tokens.slice(start).findIndex((token) => isMarker(token, "/tabs"));
      if (length < 0) throw new Error(`${state.env.relativePath}: <!-- tabs --> has no <!-- /tabs -->`);
      const name = `tabs-${++group}`;
      const shown = tabsOf(state.tokens.slice(start + 1, start + length)).flatMap(({ id, title, tokens }, at) => [
        html(
          `<input type="radio" name="${name}" id="${name}-${at}"${at ? "" : " checked"}>` +
            `<label for="${name}-${at}">${markdown.utils.escapeHtml(title)}</label><div class="tab" id="${id}">\n`,
        ),
        ...tokens,
        html("</div>\n"),
      ]);
      state.tokens.splice(
        start,
        length + 1,
        html('<div class="tabs" role="group" aria-label="Alternatives">\n'),
        ...shown,
        html("</div>\n"),
      );
    }
  });
}

/** Names a language without what rustdoc reads behind it: `rust,ignore` is shown as Rust. */
export function plainLanguages(markdown) {
  markdown.core.ruler.push("plain-languages", ({ tokens }) => {
    for (const token of tokens) if (token.type === "fence") token.info = token.info.replace(/^(\w+),[\w,]+/, "$1");
  });
}
