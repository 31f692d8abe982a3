// Types that suggest the name that was probably meant, because the compiler suggests none for the arguments of a function. They cost
// nothing as long as names are correct.

/** The first type, or the second if the first is `never`. */
export type Or<First, Second> = [First] extends [never] ? Second : First;

/** The names that differ from a given one by case, else by one letter, else by two. */
export type Nearest<Given extends string, Names extends string> = Or<
  NamesWithin<Given, Names, 0>,
  Or<NamesWithin<Given, Names, 1>, NamesWithin<Given, Names, 2>>
>;

type Edits = 0 | 1 | 2;

/** For each number of edits, the next lower one. */
interface Fewer {
  readonly 0: 0;
  readonly 1: 0;
  readonly 2: 1;
}

type NamesWithin<Given extends string, Names extends string, Most extends Edits> = Names extends string
  ? true extends IsWithin<Lowercase<Given>, Lowercase<Names>, Most>
    ? Names
    : never
  : never;

/** Whether at most `Most` inserted, deleted, replaced or swapped letters turn one word into the other. `boolean` counts as true. */
type IsWithin<One extends string, Other extends string, Most extends Edits> = One extends Other
  ? true
  : One extends `${infer Letter}${infer Rest}`
    ? Other extends `${infer OtherLetter}${infer OtherRest}`
      ? Letter extends OtherLetter
        ? IsWithin<Rest, OtherRest, Most>
        : Most extends 0
          ? false
          : IsWithinAfterEdit<Letter, Rest, OtherLetter, OtherRest, Fewer[Most]>
      : IsAtMost<One, Most>
    : IsAtMost<Other, Most>;

/** The same for two words that begin with different letters. */
type IsWithinAfterEdit<
  Letter extends string,
  Rest extends string,
  OtherLetter extends string,
  OtherRest extends string,
  Most extends Edits,
> =
  | IsWithin<Rest, OtherRest, Most>
  | IsWithin<Rest, `${OtherLetter}${OtherRest}`, Most>
  | IsWithin<`${Letter}${Rest}`, OtherRest, Most>
  | (Rest extends `${OtherLetter}${infer After}`
      ? OtherRest extends `${Letter}${infer OtherAfter}`
        ? IsWithin<After, OtherAfter, Most>
        : false
      : false);

/** Whether a word has at most `Most` letters. */
type IsAtMost<Word extends string, Most extends Edits> = Word extends ""
  ? true
  : Most extends 0
    ? false
    : Word extends `${string}${infer Rest}`
      ? IsAtMost<Rest, Fewer[Most]>
      : true;
