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

/** @throws ArgumentError unless the option is one of the names. */
export function checkOneOf(op: string, name: string, value: string, names: readonly string[]): void {
  checkOption(op, name, value, `one of ${names.map((n) => JSON.stringify(n)).join(", ")}`, names.includes(value));
}
