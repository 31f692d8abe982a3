// The exchange converts texts and makes keys as soon as it is loaded and used. Before that, this says what a runtime lacks.

for (const name of ["TextEncoder", "TextDecoder", "crypto"])
  if (!(globalThis as Readonly<Record<string, unknown>>)[name])
    throw new Error(
      `kraken-signer/testing: this runtime has no \`${name}\`. Define it first, or use another runtime (in Jest, the environment "node").`,
    );
