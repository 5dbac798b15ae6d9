import { inspect } from "node:util";

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const text = inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, compact: true });
  return text.replace(/^\[ /, "[").replace(/ \]$/, "]").replaceAll("[ ", "[").replaceAll(" ]", "]");
}

/** Whether a comment tells a text: all of it, with a remark behind, or its beginning up to "...". */
function tellsText(comment: string, text: string): boolean {
  if (comment === text || [" ", ";", ","].some((end) => comment.startsWith(text + end))) return true;
  const cut = comment.indexOf("...");
  return cut > 0 && text.startsWith(comment.slice(0, cut).trim());
}

/** Whether a comment tells the values: as they are printed, or as JSON. */
export function tells(comment: string, ...values: readonly unknown[]): boolean {
  const asJson = values.map((value) => JSON.stringify(value) ?? String(value));
  return [values.map(textOf), asJson].some((texts) => tellsText(comment.trim(), texts.join(" ")));
}

/** Runs a line of a page and throws if it does not give what its comment says. */
export async function checkValues(
  run: () => Promise<readonly unknown[]>,
  comment: string,
  line: number,
): Promise<void> {
  const values = await Promise.all(await run());
  if (!tells(comment, ...values)) {
    throw new Error(`line ${line} says "${comment}" and gives ${values.map(textOf).join(" ")}`);
  }
}
