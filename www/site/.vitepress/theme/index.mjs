// VitePress' theme without its fonts, in the colors of the workbench, and with a way to every page that needs no JavaScript.
import Theme from "vitepress/theme-without-fonts";
import { h } from "vue";
import "./style.css";

const LINKS = [
  ["/contents.html", "All pages"],
  ["/guides/index.html", "Guides"],
  ["/api/index.html", "API"],
  ["/rust/kraken_signer/index.html", "Rust"],
  ["/workbench/index.html", "Workbench"],
];

const links = (name, label) =>
  h(
    "nav",
    { class: name, "aria-label": label },
    LINKS.map(([href, text]) => h("a", { href, target: "_self" }, text)),
  );

/** Shows the chosen tab in the other steps of the page, too, and leaves the step that is being read where it is. */
function chooseEverywhere({ target }) {
  if (!target.matches(".tabs > input")) return;
  const label = target.nextElementSibling;
  const top = label.getBoundingClientRect().top;
  for (const other of document.querySelectorAll(".tabs > input"))
    if (other.nextElementSibling.textContent.split(" and ").includes(label.textContent)) other.checked = true;
  window.scrollBy(0, label.getBoundingClientRect().top - top);
}

export default {
  extends: Theme,
  enhanceApp() {
    if (!import.meta.env.SSR) document.addEventListener("change", chooseEverywhere);
  },
  Layout: () =>
    h(Theme.Layout, null, {
      "doc-top": () => links("without-script", "Pages"),
      "page-top": () => links("without-script", "Pages"),
      "doc-after": () => links("page-end", "Site"),
      "not-found": () =>
        h("main", { class: "not-found vp-doc" }, [
          h("h1", "Page not found"),
          h("p", [
            "There is no page at this address. ",
            h("a", { href: "/contents.html", target: "_self" }, "All pages"),
            " lists those that exist.",
          ]),
        ]),
      "page-bottom": () => links("page-end", "Site"),
    }),
};
