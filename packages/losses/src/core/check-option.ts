import { ArgumentError } from "@tenon/numerics";

/** @throws ArgumentError unless `holds`: the option's name, what it must be, and what came. */
export function checkOption(op: string, name: string, received: unknown, expected: string, holds: boolean): void {
  if (holds) return;
  const shown = typeof received === "number" ? String(received) : JSON.stringify(received);
  throw new ArgumentError({ op, rule: `${name} must be ${expected}`, received: `${name} ${shown}` });
}

/** @throws ArgumentError unless the option is a number above 0. */
export function checkPositive(op: string, name: string, value: number): void {
  checkOption(op, name, value, "a number above 0", value > 0 && value < Number.POSITIVE_INFINITY);
}

/** @throws ArgumentError for the first of the named options that is not a number above 0. */
export function checkAllPositive(op: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) checkPositive(op, name, value);
}

/** @throws ArgumentError unless every one of these lies between 0 and 1, ends excluded. */
export function checkLevels(op: string, name: string, levels: readonly number[]): void {
  const bad = levels.find((level) => !(level > 0 && level < 1));
  if (bad === undefined) return;
  throw new ArgumentError({ op, rule: `${name} must lie between 0 and 1`, received: String(bad) });
}

/** @throws ArgumentError unless the option is one of the names. */
export function checkOneOf(op: string, name: string, value: string, names: readonly string[]): void {
  checkOption(op, name, value, `one of ${names.map((n) => JSON.stringify(n)).join(", ")}`, names.includes(value));
}
