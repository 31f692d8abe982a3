// The part of the Workers module that is used here. Users may have its full types, or none.
declare module "cloudflare:workers" {
  export const DurableObject: unknown;
}
