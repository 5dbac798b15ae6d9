import { inspect } from "node:util";

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const text = inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, compact: true });
  return text.replace(/^\[ /, "[").replace(/ \]$/, "]").replaceAll("[ ", "[").replaceAll(" ]", "]");
}

/** Whether a comment tells a value: all of it, the value and then a remark in brackets, or its beginning up to "...". */
export function tells(comment: string, value: unknown): boolean {
  const text = textOf(value);
  const promised = comment.trim().replace(/^→ /, "");
  if (promised === text || promised === JSON.stringify(value)) return true;
  if (promised.startsWith(`${text} `) || promised.startsWith(`${text};`) || promised.startsWith(`${text},`))
    return true;
  const cut = promised.indexOf("...");
  return cut > 0 && text.startsWith(promised.slice(0, cut).trim());
}

/** Runs a line of a page and throws if it does not give what its comment says. */
export async function checkValue(run: () => unknown, comment: string, line: number): Promise<void> {
  const value = await run();
  if (!tells(comment, value)) throw new Error(`line ${line} says "${comment}" and gives ${textOf(value)}`);
}
