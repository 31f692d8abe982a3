import type { Params } from "./encode.js";

/** What follows the name of an endpoint: its parameters, optional where none is required, and options. */
export type KnownArguments<P, Options> = {} extends P ? [params?: P, options?: Options] : [params: P, options?: Options];

/** Parameters of an endpoint that this version does not know. */
export type AnyParams = Params | object;

/**
 * What follows the name of an endpoint that this version does not know. For a known one there is one argument too many, so that the compiler
 * passes this signature over, and tells a mistake in the parameters as what it is.
 */
export type UnknownArguments<IsKnown extends boolean, Options> = IsKnown extends true
  ? [params: never, options: never, known: never]
  : [params?: AnyParams, options?: Options];

/** Either, as an implementation takes them. */
export type GivenArguments<Options> = [params?: AnyParams, options?: Options, ...nothing: never[]];
