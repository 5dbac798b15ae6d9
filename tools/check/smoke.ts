import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";
import { ROOT } from "../workspace.ts";
import { closureOf, type Packed, type Tarball } from "./pack.ts";

/** What a first user of each package might write: ES module, and the same for TypeScript. */
const FIRST_USE: Readonly<Record<string, string>> = {
  "@tenon/numerics":
    'import { tensor } from "@tenon/numerics";\nif (tensor([1]).add(1).item() !== 2) throw new Error("1 + 1");',
  "@tenon/losses":
    'import { mseLoss } from "@tenon/losses";\nif (mseLoss([1, 2], [1, 4]).item() !== 2) throw new Error("mseLoss");',
  "@tenon/data":
    'import { TensorDataset } from "@tenon/data";\nif (typeof TensorDataset !== "function") throw new Error("TensorDataset");',
  "@tenon/models":
    'import { Linear } from "@tenon/models";\nimport { zeros } from "@tenon/numerics";\nif (new Linear(2, 3)(zeros([1, 2])).shape[1] !== 3) throw new Error("Linear");',
  "@tenon/train": 'import { SGD } from "@tenon/train";\nif (typeof SGD !== "function") throw new Error("SGD");',
};

const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "esnext.disposable", "dom"],
    module: "nodenext",
    strict: true,
    noEmit: true,
    types: [],
  },
  include: ["*.ts", "*.cts"],
};

function entriesOf({ name, manifest }: Tarball): string[] {
  return Object.keys(manifest.exports ?? {})
    .filter((key) => !key.endsWith(".json"))
    .map((key) => name + key.slice(1));
}

function writeProject(folder: string, tarball: Tarball, { all }: Packed): void {
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(closureOf(tarball.name, all).map((n) => [n, `file:${all.get(n)!.file}`]));
  const entries = entriesOf(tarball);
  const names = entries.map((entry, i) => `import * as m${i} from "${entry}";`).join("\n");
  const sameClass = entries
    .map(
      (entry, i) => `for (const k of Object.keys(m${i})) if (require("${entry}")[k] !== m${i}[k]) throw new Error(k);`,
    )
    .join("\n");
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ name: "smoke", private: true, type: "module", dependencies }),
    "tsconfig.json": JSON.stringify(TSCONFIG),
    "use.ts": `${FIRST_USE[tarball.name]}\n`,
    "use.mjs": `${FIRST_USE[tarball.name]}\n`,
    "require.cts": entries
      .map((entry, i) => `import m${i} = require("${entry}");\nexport const k${i} = m${i};\n`)
      .join(""),
    // One copy for both module systems: what import and require give must be identical.
    "same.mjs": `import { createRequire } from "node:module";\n${names}\nconst require = createRequire(import.meta.url);\n${sameClass}\n`,
    "require.cjs": entries.map((entry) => `if (Object.keys(require("${entry}")).length === 0) throw 1;\n`).join(""),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}

async function smokeOne(tarball: Tarball, packed: Packed): Promise<string[]> {
  const folder = join(packed.scratch, "smoke", tarball.name.replace("/", "-"));
  writeProject(folder, tarball, packed);
  const steps: [string, string[]][] = [
    ["npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]],
    ["node", ["use.mjs"]],
    ["node", ["require.cjs"]],
    ["node", ["same.mjs"]],
    [join(ROOT, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.json"]],
  ];
  for (const [command, args] of steps) {
    const { code, output } = await runCommand(command, args, { cwd: folder });
    if (code !== 0) {
      const lines = output.trimEnd().split("\n").slice(0, 30);
      return [`${tarball.name}: ${command.split("/").at(-1)} ${args.join(" ")}`, ...lines];
    }
  }
  return [];
}

/** Installs each packed package alone (with what it depends on, from tarballs) into an empty project and uses it there. */
export async function smokeProblems(packed: Packed): Promise<string[]> {
  const problems: string[] = [];
  for (const tarball of packed.own) problems.push(...(await smokeOne(tarball, packed)));
  return problems;
}
