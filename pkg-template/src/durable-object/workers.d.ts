// What is used of the module that only Workers have. Its own types are the user's to bring, or not.
declare module "cloudflare:workers" {
  export const DurableObject: unknown;
}
