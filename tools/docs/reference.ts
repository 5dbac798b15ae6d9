/** One exported name with what its source says about it. */
export interface Documented {
  readonly name: string;
  /** `function`, `class`, `const`, `interface`, `type`; "" where the source does not show it. */
  readonly kind: string;
  /** The doc comment without its frame; "" if there is none. */
  readonly comment: string;
}

const EXPORTS = /export\s+(?:type\s+)?\{([^}]*)\}\s*from\s*"([^"]+)"/g;

function unframed(comment: string): string {
  return comment
    .trim()
    .replace(/^\s*\/\*\*\s?|\s*\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();
}

/** The declaration of `name` in a source text, with the comment right before it. */
function describe(name: string, source: string): Documented {
  const declaration = new RegExp(
    `((?:/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\s*)?)^export (?:declare )?(?:abstract )?(?:async )?(function\\*?|class|const|interface|type) ${name.replace("$", "\\$")}\\b`,
    "m",
  );
  const found = declaration.exec(source);
  return { name, kind: found?.[2]?.replace("*", "") ?? "", comment: unframed(found?.[1] ?? "") };
}

/** What an index file exports, in its order; `read` gives the text of a module that it names. */
export function exportsOf(index: string, read: (file: string) => string): Documented[] {
  return [...index.matchAll(EXPORTS)].flatMap(([, list, from]) => {
    const source = read(from!);
    return list!
      .split(",")
      .map((item) => item.trim().replace(/^type\s+/, ""))
      .filter((item) => item !== "")
      .map((item) => {
        const [original, exported = original] = item.split(/\s+as\s+/);
        return { ...describe(original!, source), name: exported! };
      });
  });
}

// Tags become sentences; an example becomes a block.
function rendered(comment: string): string {
  const [text, ...examples] = comment.split(/^@example\s*/m);
  const prose = text!.replaceAll(/^@throws\s+/gm, "\nThrows ").replaceAll(/^@param\s+(\S+)/gm, "\n`$1`:");
  return [prose.trim(), ...examples.map((code) => `\`\`\`ts\n${code.trim()}\n\`\`\``)].join("\n\n");
}

/** The page of one entry point: values first, then types, each by name. */
export function pageOf(title: string, documented: readonly Documented[]): string {
  const isType = ({ kind }: Documented) => kind === "interface" || kind === "type";
  const section = ({ name, kind, comment }: Documented) => `### ${name}\n\n${kind}\n\n${rendered(comment)}\n`;
  const byName = (items: readonly Documented[]) => [...items].sort((a, b) => (a.name < b.name ? -1 : 1)).map(section);
  const values = byName(documented.filter((item) => !isType(item)));
  const types = byName(documented.filter(isType));
  return [`# ${title}\n`, "## Values\n", ...values, "## Types\n", ...types].join("\n");
}
