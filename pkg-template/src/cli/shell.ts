// Quotes arguments for a shell.

/** Quotes a text so that every POSIX shell takes it literally. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
