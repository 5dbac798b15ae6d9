/** A TypeScript block of a Markdown page, made into a program. */
export interface Snippet {
  /** Line of the page where the block starts. */
  readonly line: number;
  readonly source: string;
  /** Why it is not run, if the fence says so: "```ts no-run: needs a network". */
  readonly notRun?: string;
}

const FENCE = /^([ \t]*)```ts(?:[ \t]+([^\n]*))?\n([\s\S]*?)^[ \t]*```/gm;

/** What is logged or stated on one line, with a comment behind: `console.log(softmax(x, 0).shape); // [2]`. */
const STATED = /^(\s*)(.+?);?\s+\/\/ (.+)$/;
const LOGGED = /^console\.log\((.*)\)$/;

// A remark is not a promise: values look like numbers, strings, lists, booleans, or a printed tensor.
const VALUE = /^(?:-?\d|-?Infinity|NaN|\[|"|true\b|false\b|null\b|undefined\b|Tensor\b)/;
const NO_EXPRESSION = /^(?:\/\/|const |let |var |import |export |return |for |if |while |throw |class |\}|\*)|[{,(]$/;

function withChecks(code: string, line: number): string {
  return code
    .split("\n")
    .map((text, i) => {
      const [, indent, statement, comment] = STATED.exec(text) ?? [];
      if (statement === undefined) return text;
      const logged = LOGGED.exec(statement)?.[1];
      if (logged === undefined && (NO_EXPRESSION.test(statement) || !VALUE.test(comment!))) return text;
      return `${indent}await checkValues(async () => [${logged ?? statement}], ${JSON.stringify(comment)}, ${line + i});`;
    })
    .join("\n");
}

/** A doc comment's example with the value it promises: `@example norm([3, 4]).item() // 5`. */
export interface Example {
  readonly line: number;
  readonly expression: string;
  readonly value: string;
}

const EXAMPLE = /^ ?\* @example (.+?);? \/\/ (.+)$/;

/** The one-line examples of a source file that state a value. */
export function examplesOf(source: string): Example[] {
  return source.split("\n").flatMap((text, i) => {
    const [, expression, value] = EXAMPLE.exec(text.trimStart()) ?? [];
    return expression === undefined || !VALUE.test(value!) ? [] : [{ line: i + 1, expression, value: value! }];
  });
}

/**
 * The `ts` blocks of a page. Each is a program of its own, except that "```ts continued" goes on with the block before.
 * A comment after what is logged promises its text, one after an expression its value if it looks like one; both are checked.
 */
export function snippetsOf(markdown: string): Snippet[] {
  const snippets: Snippet[] = [];
  for (const match of markdown.matchAll(FENCE)) {
    const [, indent, fence, block] = match;
    const info = fence?.trim() ?? "";
    const line = markdown.slice(0, match.index).split("\n").length + 1;
    const notRun = /^no-run(?:: (.+))?$/.exec(info);
    const own = withChecks(block!.replaceAll(new RegExp(`^${indent}`, "gm"), ""), line);
    const before = info === "continued" ? (snippets.at(-1)?.source ?? "") : "";
    snippets.push({ line, source: before + own, ...(notRun !== null && { notRun: notRun[1] ?? "a sketch" }) });
  }
  return snippets;
}
