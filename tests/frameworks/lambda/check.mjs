import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** The variables that Lambda sets, and its runtime requires. */
const FUNCTION = {
  AWS_LAMBDA_FUNCTION_NAME: "trading",
  AWS_LAMBDA_FUNCTION_VERSION: "1",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
  AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/trading",
  AWS_LAMBDA_LOG_STREAM_NAME: "stream",
  _HANDLER: "index.handler",
};

/** Lambda's runtime API with these events; resolves with the answers of the function, or rejects with its error. */
async function runtimeApi(events) {
  const answers = [];
  let server;
  const finished = new Promise((resolve, reject) => {
    server = createServer(async (request, response) => {
      const event = events[answers.length];
      if (request.method === "GET" && event) {
        response.setHeader("Lambda-Runtime-Aws-Request-Id", `request-${answers.length}`);
        response.setHeader("Lambda-Runtime-Deadline-Ms", Date.now() + 60_000);
        response.setHeader("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:trading");
        return response.end(JSON.stringify(event));
      }
      const body = await text(request);
      if (request.url.endsWith("/error")) return reject(new Error(`${request.url}: ${body}`));
      if (request.method === "GET") return resolve(answers);
      answers.push(body);
      response.writeHead(202).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${server.address().port}`, finished, server };
}

/** Runs a bundle in the runtime that AWS uses, for a cold and a warm invocation. */
async function invoke(app, folder) {
  const { address, finished, server } = await runtimeApi([{ volume: "0.01" }, { volume: "0.02" }]);
  const env = { ...FUNCTION, AWS_LAMBDA_RUNTIME_API: address, LAMBDA_TASK_ROOT: app.path(folder) };
  const runtime = ["--require", app.path("client.cjs"), app.path("node_modules/aws-lambda-ric/index.mjs")];
  // It ends only when it is stopped: it waits for the next event.
  const ended = app.run(app.node, runtime, { env }).then((output) => assert.fail(`the runtime ended: ${output}`));
  try {
    const answers = await Promise.race([finished, ended]);
    app.verifyAnswers(answers.map((answer) => `answer: ${answer}\n`).join(""), 2);
  } finally {
    ended.catch(() => {});
    server.closeAllConnections();
    server.close();
  }
}

export default {
  title: "AWS Lambda",
  kind: "functions and programs",
  brief: "AWS Lambda's runtime client … (at a stand-in for Lambda)",
  version: "aws-lambda-ric",
  nodes: [22],
  how: "AWS's runtime client, at a stand-in of the runtime API: esbuild's bundles as of CDK (CommonJS) and SAM (ES module)",
  know: "[instances share the key](#aws-lambda)",
  async run(app) {
    writeFileSync(app.path("node_modules/aws-lambda-ric/rapid-client.node"), "");
    const build = (...more) =>
      app.run(app.path("node_modules/esbuild/bin/esbuild"), ["handler.js", "--bundle", "--platform=node", "--target=node22", ...more]);
    await build("--external:@aws-sdk/*", "--outfile=cdk/index.js");
    await build("--minify", "--sourcemap", "--format=esm", "--main-fields=module,main", "--outfile=sam/index.mjs");
    for (const folder of ["cdk", "sam"]) await invoke(app, folder);
  },
};
