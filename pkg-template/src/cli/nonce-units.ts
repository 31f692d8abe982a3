// Finds the unit of a nonce by the time that it stands for in each unit.

/** A unit that some clients use for nonces. */
interface Unit {
  readonly name: string;
  readonly title: string;
  /** Its length in nanoseconds. */
  readonly nanoseconds: bigint;
  /** Nanoseconds from its time zero to 1970. */
  readonly offset?: bigint;
}

const UNITS: readonly Unit[] = [
  { name: "s", title: "seconds", nanoseconds: 1_000_000_000n },
  { name: "ms", title: "milliseconds", nanoseconds: 1_000_000n },
  { name: "us", title: "microseconds", nanoseconds: 1_000n },
  { name: "10ns", title: "tens of nanoseconds", nanoseconds: 10n },
  { name: "ns", title: "nanoseconds", nanoseconds: 1n },
  // Ticks of 100 ns since the year 1.
  { name: "ticks", title: ".NET ticks", nanoseconds: 100n, offset: 62_135_596_800_000_000_000n },
];

/** The time that a number stands for in one unit. */
export interface Reading {
  readonly unit: string;
  readonly title: string;
  /** ISO 8601 if the year has four digits, otherwise only the year. */
  readonly date: string;
  /** Milliseconds since 1970, or infinite if a Date cannot represent it. */
  readonly time: number;
}

/** The limit of a JavaScript Date, in milliseconds. */
const CALENDAR = 8_640_000_000_000_000n;

/** Reads a number in each unit. */
export function readings(nonce: bigint): Reading[] {
  return UNITS.map(({ name, title, nanoseconds, offset = 0n }) => {
    const time = (nonce * nanoseconds - offset) / 1_000_000n;
    if (time > CALENDAR || time < -CALENDAR) return { unit: name, title, date: "beyond any calendar", time: Infinity };
    const date = new Date(Number(time)).toISOString();
    return {
      unit: name,
      title,
      date: /^\d{4}-/.test(date) ? date : `year ${Number(date.replace(/^([+-]\d+)-.*/, "$1"))}`,
      time: Number(time),
    };
  });
}

const YEAR = 365.25 * 86_400_000;

/** Returns the reading that makes sense, if there is one: a time after Kraken began, and at most a year ahead. */
export function likely(nonce: bigint, now: number): Reading | undefined {
  return readings(nonce).find(({ time }) => time > Date.UTC(2011, 6) && time < now + YEAR);
}

/** Describes a nonce in one line. */
export function describe(nonce: string, now: number): string {
  const reading = likely(BigInt(nonce), now);
  return reading ? `${reading.title}: ${reading.date}` : "not a sensible time in any known unit";
}
