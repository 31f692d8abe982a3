import { need } from "../../errors.js";

/**
 * Stands in for the class of Workers in programs that run elsewhere, such as builds that load the modules of an app in Node. Callers of objects can be
 * imported and tested there; an object cannot be constructed.
 */
export const DurableObject: unknown = class {
  constructor() {
    need(false, "A Durable Object runs only in Cloudflare Workers, and in bundles for it that were built with the condition `workerd`.");
  }
};
