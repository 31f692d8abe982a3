// How TypeDoc makes the pages of the API reference, in Markdown, from the TSDoc of the package.
import { OptionDefaults } from "typedoc";
import { ENTRIES } from "./entries.mjs";

const SOURCE = "../../pkg-template/src";

/** @type {import("typedoc").TypeDocOptions & import("typedoc-plugin-markdown").PluginOptions} */
export default {
  tsconfig: "./tsconfig.api.json",
  entryPoints: ENTRIES.map((entry) => `${SOURCE}/${entry}`),
  basePath: SOURCE,
  out: "../../target/www/api",
  docsRoot: "../../target/www",
  plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme", "typedoc-plugin-missing-exports", "./entries.mjs"],
  placeInternalsInOwningModule: true,
  // The plugin removes internal types on purpose.
  validation: { notExported: false },
  // A comment for the compiler, which must stay in the declarations.
  blockTags: [...OptionDefaults.blockTags, "@ts-ignore"],
  treatWarningsAsErrors: true,
  readme: "none",
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  propertyMembersFormat: "table",
  typeDeclarationFormat: "table",
  enumMembersFormat: "table",
  tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideSources: true },
  logLevel: "Warn",
};
