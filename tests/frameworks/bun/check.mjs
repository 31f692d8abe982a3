export default {
  title: "Bun",
  kind: "functions and programs",
  brief: "Bun …'s executables",
  version: "bun",
  how: "`bun build --compile`, plain and with `--minify --bytecode`",
  know: "",
  async run(app) {
    const bun = app.path("node_modules/bun/bin/bun.exe");
    for (const more of [[], ["--minify", "--bytecode", "--format=esm"]]) {
      await app.run(bun, ["build", "--compile", ...more, "app.js", "--outfile", "built/trading"]);
      app.verifyAnswers(await app.run(app.path("built/trading"), [], { cwd: "/" }));
    }
  },
};
