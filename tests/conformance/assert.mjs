// Assertions for every runtime; not all have node:assert.

export function equal(actual, expected, what = "value") {
  if (!Object.is(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

export function ok(value, what) {
  if (!value) throw new Error(what);
}

/** Runs `work`, which must throw an error of this class, and returns the error. */
export function throws(work, errorClass, what = "call") {
  let result;
  try {
    result = work();
  } catch (error) {
    if (error instanceof errorClass) return error;
    throw new Error(`${what}: expected ${errorClass.name}, got ${error}`);
  }
  throw new Error(`${what}: expected ${errorClass.name}, got ${show(result)}`);
}

/** The same for a promise. */
export async function rejects(promise, errorClass, what = "call") {
  let result;
  try {
    result = await promise;
  } catch (error) {
    if (error instanceof errorClass) return error;
    throw new Error(`${what}: expected ${errorClass.name}, got ${error?.stack ?? error}`);
  }
  throw new Error(`${what}: expected ${errorClass.name}, got ${show(result)}`);
}

function show(value) {
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
}
