export default {
  title: "Fastify",
  version: "fastify",
  nodes: [20],
  how: "a server",
  know: "",
  async run(app) {
    await app.ask(await app.start(app.node, ["server.js"]));
  },
};
