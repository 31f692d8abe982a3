// What a command is. Parsing, help and completion all read the same description, so that none of them can lie about the others.
import type { Io } from "./io.js";

/** An option, long form only but for `-h`. */
export interface Option {
  readonly name: string;
  /** What its value is, in capitals; an option without one is a switch. `FILE` completes to file names. */
  readonly value?: string;
  /** All the values there are. */
  readonly choices?: readonly string[];
  readonly help: string;
}

/** The values of options: text where they have one, else whether they were given. */
export type Values<Options extends readonly Option[]> = {
  readonly [One in Options[number] as One["name"]]: One extends { readonly value: string } ? string | undefined : boolean;
};

/** What stands beside the options. */
export interface Operands {
  /** As the usage shows them. */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
  /** What the first one can be, for completion. */
  readonly words?: readonly string[];
}

interface Definition<Options extends readonly Option[]> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, for its own help. */
  readonly about: string;
  readonly operands?: Operands;
  readonly options: Options;
  /** Command lines without the program's name, each with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  /** What `--json` prints. */
  readonly shape: string;
  readonly run: (io: Io, values: Values<Options>, operands: readonly string[]) => Promise<number>;
}

/** A command, with the types of its own options forgotten. */
export type Command = Omit<Definition<readonly Option[]>, "run"> & {
  readonly operands: Operands;
  run(io: Io, values: object, operands: readonly string[]): Promise<number>;
};

/** Options that every command has. */
export const COMMON = [
  { name: "json", help: "print JSON: results to standard output, errors to standard error" },
  { name: "help", help: "print this, and do nothing else" },
] as const satisfies readonly Option[];

const NONE: Operands = { usage: "", min: 0, max: 0 };

/** Makes a command whose `run` knows the types of its options. */
export function command<const Options extends readonly Option[]>(definition: Definition<Options>): Command {
  return {
    ...definition,
    operands: definition.operands ?? NONE,
    options: [...definition.options, ...COMMON],
    run: (io, values, operands) => definition.run(io, values as Values<Options>, operands),
  };
}
