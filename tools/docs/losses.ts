import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../workspace.ts";
import { type Documented, exportsOf } from "./reference.ts";

// docs/guide/losses.md: every loss by task, from the doc comments.

/** The folders of packages/losses/src in the order of the page, with what they are called there. */
const TASKS: Readonly<Record<string, string>> = {
  classification: "Classification",
  margin: "Margins, hinges and rankings of pairs",
  regression: "Regression",
  ordinal: "Ordered classes",
  probabilistic: "Probabilistic forecasts",
  segmentation: "Segmentation",
  detection: "Boxes",
  image: "Images, heatmaps and poses",
  metric: "Metric learning",
  "self-supervised": "Self-supervision and contrast",
  distillation: "Distillation",
  sequence: "Sequences",
  ranking: "Ranking",
  alignment: "Preferences and policies",
  vocabulary: "Large vocabularies",
  adversarial: "Adversarial games",
  transport: "Distances between distributions and series",
};

const INDEX = join(ROOT, "packages", "losses", "src", "index.ts");

const INTRODUCTION = `# All losses by task

Every loss is a function; most are a class too, which keeps its options. What stands here is the first sentence of the doc comment; the rest of it gives formula, shapes, options,
errors and where we differ from PyTorch. [Choosing a classification loss](choosing-a-classification-loss.md) is the story behind the first section;
[who has which loss](loss-libraries.md) compares libraries. This page is written by \`npm run docs\`.
`;

interface Entry extends Documented {
  readonly task: string;
}

function entries(): Entry[] {
  const index = readFileSync(INDEX, "utf8");
  const tasks = new Map<string, string>();
  for (const [, list, from] of index.matchAll(/export\s+(?:type\s+)?\{([^}]*)\}\s*from\s*"\.\/([^"]+)"/g)) {
    for (const item of list!.split(",")) tasks.set(item.trim().replace(/^type\s+/, ""), from!.split("/")[0]!);
  }
  return exportsOf(index, (file) => readFileSync(join(dirname(INDEX), file), "utf8")).map((item) => ({
    ...item,
    task: tasks.get(item.name) ?? "",
  }));
}

/** The first sentence, on one line and without what a table cannot hold. */
function sentence(comment: string): string {
  const paragraph = comment
    .split(/\n\s*\n|^@/m)[0]!
    .replaceAll(/\s+/g, " ")
    .trim();
  // A full stop inside a formula ends nothing.
  const first = /^(?:`[^`]*`|[^`.]|\.(?! |$))+/.exec(paragraph)?.[0] ?? paragraph;
  return first.replace(/[:;,.]$/, "").replaceAll("|", "\\|");
}

function source(comment: string): string {
  const text = /^\s*Sources?: ([\s\S]*?)(?=\n\s*(?:@|Differs|\n)|$)/m.exec(comment)?.[1] ?? "";
  return text.replaceAll(/\s+/g, " ").replace(/\.$/, "").replaceAll("|", "\\|").trim();
}

function isValue({ kind }: Entry): boolean {
  return kind === "const" || kind === "function" || kind === "class";
}

function table(items: readonly Entry[]): string {
  const classes = new Map(
    items.filter(({ name }) => /^[A-Z]/.test(name)).map((item) => [item.name.toLowerCase(), item]),
  );
  const taken = new Set<Entry>();
  const rows: string[] = [];
  for (const item of items.filter(({ name }) => /^[a-z]/.test(name))) {
    const known = new RegExp(`^\`${item.name}\``);
    const form = [...classes.values()].find(({ comment }) => known.test(comment));
    if (form !== undefined) taken.add(form);
    rows.push(
      `| \`${item.name}\` | ${form === undefined ? "" : `\`${form.name}\``} | ${sentence(item.comment)} | ${source(item.comment)} |`,
    );
  }
  for (const item of classes.values()) {
    if (!taken.has(item)) rows.push(`| | \`${item.name}\` | ${sentence(item.comment)} | ${source(item.comment)} |`);
  }
  return ["| function | class | what it is | source |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The text of docs/guide/losses.md. */
export function lossesPage(): string {
  const all = entries().filter(isValue);
  const sections = Object.entries(TASKS).map(([task, title]) => {
    const items = all.filter((item) => item.task === task).sort((a, b) => (a.name < b.name ? -1 : 1));
    return items.length === 0 ? "" : `\n## ${title}\n\n${table(items)}\n`;
  });
  return `${INTRODUCTION}${sections.join("")}`;
}

/** Folders of losses that the page does not know. */
export function unknownTasks(): string[] {
  return [...new Set(entries().map(({ task }) => task))].filter((task) => task !== "core" && !(task in TASKS));
}
