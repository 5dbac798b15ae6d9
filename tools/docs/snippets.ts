/** A TypeScript block of a Markdown page, made into a program. */
export interface Snippet {
  /** Line of the page where the block starts. */
  readonly line: number;
  readonly source: string;
  /** Why it is not run, if the fence says so: "```ts not run: needs a network". */
  readonly notRun?: string;
}

const FENCE = /^```ts(?:[ \t]+([^\n]*))?\n([\s\S]*?)^```/gm;

/** Statements that give a value, with the value that the comment promises: `softmax(x, 0).shape; // [2]`. */
const PROMISE =
  /^(?!\s*(?:\/\/|const |let |var |import |export |return |for |if |while |throw |\}|\*))(\s*)(.+?);?\s+\/\/ (.+)$/;

function withChecks(code: string, line: number): string {
  return code
    .split("\n")
    .map((text, i) => {
      const promise = PROMISE.exec(text);
      if (promise === null || promise[2]!.endsWith("{") || promise[2]!.endsWith(",")) return text;
      const logged = /^console\.log\((.*)\)$/.exec(promise[2]!);
      const expression = logged === null ? promise[2]! : logged[1]!;
      return `${promise[1]}await checkValue(async () => (${expression}), ${JSON.stringify(promise[3])}, ${line + i});`;
    })
    .join("\n");
}

/**
 * The `ts` blocks of a page. Each is a program of its own, except that "```ts continued" goes on with the block before.
 * A comment after a statement promises its value, and is checked.
 */
export function snippetsOf(markdown: string): Snippet[] {
  const snippets: Snippet[] = [];
  for (const match of markdown.matchAll(FENCE)) {
    const info = match[1]?.trim() ?? "";
    const line = markdown.slice(0, match.index).split("\n").length + 1;
    const notRun = /^not run: (.+)$/.exec(info)?.[1];
    const own = withChecks(match[2]!, line);
    const before = info === "continued" ? (snippets.at(-1)?.source ?? "") : "";
    snippets.push({ line, source: before + own, ...(notRun !== undefined && { notRun }) });
  }
  return snippets;
}
