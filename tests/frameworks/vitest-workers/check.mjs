export default {
  title: "Vitest in Workers",
  kind: "tests",
  brief: "Vitest in Workers (plugin …)",
  version: "@cloudflare/vitest-plugin",
  nodes: [22],
  how: "`vitest run`, with a Durable Object and the simulated exchange; the plugin was called `vitest-pool-workers` before",
  know: "",
  async run(app) {
    app.verifyAnswers(await app.script("vitest/vitest.mjs", ["run", "--reporter", "verbose"]), 2);
  },
};
