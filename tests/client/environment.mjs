// The Durable Objects' options from the environment, which only workerd runs.
import { loadSource } from "../harness/sources.mjs";

const options = await loadSource("durable-object/options");

/** The options of the object of a name. */
export const fromEnvironment = (env, name) => options.fromEnvironment(env)(name);
