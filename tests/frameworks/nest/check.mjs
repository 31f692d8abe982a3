/** Compiles the app, starts it and makes its calls. */
export async function run(app) {
  await app.script("typescript/bin/tsc", ["--project", "."]);
  await app.ask(await app.start(app.node, ["dist/main.js"]));
}

export default {
  title: "NestJS",
  kind: "servers and sites",
  version: "@nestjs/core",
  nodes: [20],
  how: "compiled by tsc 7 with decorators, 12 as ES modules and 11 as CommonJS; Nest injects the client",
  know: "",
  run,
};
