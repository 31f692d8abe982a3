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

export default {
  extends: Theme,
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
