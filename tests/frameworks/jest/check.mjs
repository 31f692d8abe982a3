export default {
  title: "Jest",
  kind: "tests",
  version: "jest",
  nodes: [20],
  how: "`node` and `jsdom`, CommonJS and ES modules",
  know: "[jsdom lacks `fetch` and more](#jest)",
  async run(app) {
    const jest = [app.path("node_modules/jest/bin/jest.js"), "--runInBand", "--no-watchman"];
    app.verifyAnswers(await app.run(app.node, ["--experimental-vm-modules", "--no-warnings", ...jest]), 4);
  },
};
