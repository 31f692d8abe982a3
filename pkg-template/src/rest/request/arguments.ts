import type { Params } from "./encode.js";
import type { Nearest, Or } from "./nearest-name.js";

/** What follows the name of an endpoint: its parameters, optional where none is required, and options. */
export type KnownArguments<P, Options> = {} extends P ? [params?: P, options?: Options] : [params: P, options?: Options];

/** Parameters of an endpoint that this version does not know. */
export type AnyParams = Params | object;

/**
 * What follows a name that a signature is not for: more than anybody gives. The compiler passes such a signature over in silence, so that a mistake
 * is told once, by the signature that the call was meant for.
 */
export type PassedOver = [never, never, never, never];

/**
 * What follows a name that this version does not know, and that the caller says is meant by a type argument: `call<Result>(…)`. Without one (`New`
 * is `never`) the name is a mistake. Then a known name is one without its parameters, and what follows another one does not matter.
 */
export type NewArguments<New, IsKnown extends boolean, Known, Options, P = AnyParams> = unknown extends New
  ? KnownArguments<P, Options>
  : [New] extends [never]
    ? [IsKnown] extends [true]
      ? []
      : [params?: AnyParams, options?: Options]
    : // Somebody gives the name as the type argument: the signature for known names takes it.
      [New] extends [Known]
      ? PassedOver
      : KnownArguments<P, Options>;

/** Either, as an implementation takes them. */
export type GivenArguments<Options> = [params?: AnyParams, options?: Options, ...nothing: never[]];

/** That a name is known, and `params` are missing: a sentence, since the compiler shows the type that it expected. */
export type ParamsMissing<Name extends string> = `${Name} wants \`params\` as the next argument`;

/**
 * What is wrong with a name that is not known: a sentence, since the compiler shows the type that it expected.
 *
 * @typeParam What - what it is the name of
 * @typeParam How - how to say that it is meant
 */
export type UnknownName<Name extends string, Names extends string, What extends string, How extends string> = string extends Name
  ? `The compiler knows text, and not which ${What} it is: write ${How}`
  : `${Or<Suggestion<Nearest<Name, Names>>, `It is no ${What} that is known.`>} For a new one write ${How}`;

type Suggestion<Meant extends string> = Meant extends string ? `Did you mean ${Meant}?` : never;
