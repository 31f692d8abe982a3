// The entries of the package, and a plugin of TypeDoc: types that no entry exports have a page only if they describe what an endpoint or a socket takes
// or returns.
import { Converter, ReflectionKind } from "typedoc";

/** The entries of the package, as files of its source. */
export const ENTRIES = [
  "index.ts",
  "sockets/index.ts",
  "durable-object/index.ts",
  "redis/index.ts",
  "node/index.ts",
  "inspect/index.ts",
  "testing/index.ts",
  "slim.ts",
];

const DESCRIBED = /\/(rest\/(spot|futures)\/endpoints|sockets)\//;
const TYPES = ReflectionKind.Interface | ReflectionKind.TypeAlias;

/** Returns the declarations of an entry that get no page. */
function internal(module, context) {
  const exported = new Set(context.checker.getExportsOfModule(context.getSymbolFromReflection(module)).map(({ name }) => name));
  const fileOf = (child) => context.getSymbolFromReflection(child)?.declarations?.[0]?.getSourceFile().fileName ?? "";
  const hasPage = (child) => exported.has(child.name) || (child.kindOf(TYPES) && DESCRIBED.test(fileOf(child)));
  return (module.children ?? []).filter((child) => !hasPage(child));
}

/** Called by TypeDoc when it loads the plugin. */
export function load(app) {
  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    (context) => {
      for (const module of context.project.getReflectionsByKind(ReflectionKind.Module)) {
        context.setActiveProgram(context.programs[0]);
        for (const child of internal(module, context)) context.project.removeReflection(child);
        if (module.name === "index") module.name = "kraken-signer";
      }
    },
    // After the plugin that adds what is not exported.
    -1,
  );
}
