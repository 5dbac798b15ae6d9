import { NotThere } from "./lookup.ts";

/** One line of a runner's table. */
export interface Outcome {
  readonly name: string;
  readonly verdict: "passed" | "failed" | "skipped";
  /** Figures, or what went wrong, or why it was skipped. */
  readonly detail: string;
}

/** Runs one case: what it returns is printed, a `NotThere` makes it a skip with that reason, any other error a failure. */
export async function outcomeOf(name: string, run: () => string | Promise<string>): Promise<Outcome> {
  try {
    return { name, verdict: "passed", detail: await run() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, verdict: error instanceof NotThere ? "skipped" : "failed", detail };
  }
}

/** Figures as text. @throws Error if one of them is above its bound (or not a number). */
export function withinBounds<K extends string>(figures: Record<K, number>, bounds: Record<K, number>): string {
  const names = Object.keys(bounds) as K[];
  const text = names.map((name) => `${name} ${figures[name].toExponential(1)}`).join(", ");
  const above = names.filter((name) => !(figures[name] <= bounds[name]));
  if (above.length > 0)
    throw new Error(`${text}; above the bound: ${above.map((n) => `${n} ${bounds[n]}`).join(", ")}`);
  return text;
}
