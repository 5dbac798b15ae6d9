import type { Row } from "../runner/report.ts";
import { NotThere } from "./lookup.ts";

/** Runs one case: what it returns is printed, a `NotThere` makes it a skip with that reason, any other error a failure. */
export async function outcomeOf(name: string, run: () => string | Promise<string>): Promise<Row> {
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
