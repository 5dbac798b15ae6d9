import { ArgumentError } from "@tenon/numerics";

/** @throws ArgumentError for the first of the named numbers that is not above 0. */
export function checkPositive(op: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value > 0) continue;
    throw new ArgumentError({ op, rule: `${name} must be above 0`, received: String(value) });
  }
}

/** @throws ArgumentError unless every one of these lies between 0 and 1, ends excluded. */
export function checkLevels(op: string, name: string, levels: readonly number[]): void {
  const bad = levels.find((level) => !(level > 0 && level < 1));
  if (bad === undefined) return;
  throw new ArgumentError({ op, rule: `${name} must lie between 0 and 1`, received: String(bad) });
}
