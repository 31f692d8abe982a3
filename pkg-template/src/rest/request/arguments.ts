import type { Params } from "./encode.js";
import type { Nearest, Or } from "./nearest-name.js";

/** The arguments after an endpoint's name: its parameters, which are optional if none is required, and options. */
export type KnownArguments<P, Options> = {} extends P ? [params?: P, options?: Options] : [params: P, options?: Options];

/** Parameters of an endpoint that this version does not know. */
export type AnyParams = Params | object;

/**
 * More arguments than any call has, for names that a signature is not meant for. The compiler skips such a signature silently, so only the
 * signature that the call was meant for reports a mistake.
 */
export type PassedOver = [never, never, never, never];

/**
 * The arguments after a name that this version does not know. The caller confirms the name with a type argument: `call<Result>(…)`. Without one
 * (`New` is `never`), the name is a mistake: a known name lacks its parameters, and the arguments of any other name do not matter.
 */
export type NewArguments<New, IsKnown extends boolean, Known, Options, P = AnyParams> = unknown extends New
  ? KnownArguments<P, Options>
  : [New] extends [never]
    ? [IsKnown] extends [true]
      ? []
      : [params?: AnyParams, options?: Options]
    : // If the type argument is the name itself, the signature for known names accepts the call.
      [New] extends [Known]
      ? PassedOver
      : KnownArguments<P, Options>;

/** The arguments of all signatures, as an implementation receives them. */
export type GivenArguments<Options> = [params?: AnyParams, options?: Options, ...nothing: never[]];

/** The error for a known name without `params`. It is a sentence, because the compiler shows the type that it expected. */
export type ParamsMissing<Name extends string> = `${Name} wants \`params\` as the next argument`;

/**
 * The error for an unknown name. It is a sentence, because the compiler shows the type that it expected.
 *
 * @typeParam What - the kind of thing that is named
 * @typeParam How - the call that confirms the name
 */
export type UnknownName<Name extends string, Names extends string, What extends string, How extends string> = string extends Name
  ? `The compiler knows text, and not which ${What} it is: write ${How}`
  : `${Or<Suggestion<Nearest<Name, Names>>, `It is no ${What} that is known.`>} For a new one write ${How}`;

type Suggestion<Meant extends string> = Meant extends string ? `Did you mean ${Meant}?` : never;
