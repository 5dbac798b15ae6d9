/** One import, export-from or dynamic import in a source text. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly dynamic: boolean;
  readonly typeOnly: boolean;
}

// Comments and template texts may show imports; only statements count.
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<![:"'`])\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, " "));
}

const STATIC = /^[ \t]*(import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?"([^"\n]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"\n]+)"\s*\)/g;

export function importsOf(source: string): Import[] {
  const text = withoutComments(source);
  const lineAt = (index: number) => text.slice(0, index).split("\n").length;
  const found: Import[] = [];
  for (const match of text.matchAll(STATIC)) {
    found.push({
      specifier: match[3]!,
      line: lineAt(match.index),
      dynamic: false,
      typeOnly: match[2] !== undefined,
    });
  }
  for (const match of text.matchAll(DYNAMIC)) {
    found.push({ specifier: match[1]!, line: lineAt(match.index), dynamic: true, typeOnly: false });
  }
  return found;
}
