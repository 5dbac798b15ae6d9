// Builds everything that comes from the kernels' C++: src/generated/kernels.ts, the native addon, the WebAssembly modules.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DeclarationError, instances } from "./declarations.ts";
import { withLock, writeAtomically } from "./files.ts";
import { generateTypeScript } from "./generate-typescript.ts";
import { assignIds } from "./ids.ts";
import { type BuildPaths, type BuildResult, buildNative } from "./native.ts";
import { readFamilies } from "./sources.ts";
import { buildWasm } from "./wasm.ts";

const HELP = `Builds the kernels of kernels/*.cpp.

  --types-only    only src/generated/kernels.ts
  --native-only   only that and dist/kernels/tenon.node
  --wasm-only     only that and dist/kernels/*.wasm
  --help

TENON_KERNELS=needed builds the native engine alone where there is a C++ compiler, and WebAssembly alone where there is none: all that a
program needs to run here. CXX names the C++ compiler. Objects are cached in build/ by content; only what changed is compiled.`;

const OPTIONS = {
  "types-only": { type: "boolean" },
  "native-only": { type: "boolean" },
  "wasm-only": { type: "boolean" },
  help: { type: "boolean" },
} as const;

const root = fileURLToPath(new URL("..", import.meta.url));
const paths: BuildPaths = {
  kernels: join(root, "kernels"),
  build: join(root, "build"),
  output: join(root, "dist", "kernels"),
};

/** Reads the sources and writes the TypeScript face. Short, so that it never waits for somebody's compilation. */
function generate() {
  return withLock(join(paths.build, "generate.lock"), () => {
    const families = readFamilies(paths.kernels);
    const declarations = families.flatMap((family) => family.declarations);
    const ids = assignIds(
      join(paths.build, "ids.json"),
      declarations.flatMap(instances).map(({ key }) => key),
    );
    writeAtomically(join(root, "src", "generated", "kernels.ts"), generateTypeScript(declarations, ids));
    return { families, ids, kernels: declarations.length };
  });
}

function describe(name: string, { compiled, cached, skipped }: BuildResult): string {
  return skipped === undefined ? `${name} ${compiled} compiled, ${cached} cached` : `${name}: ${skipped}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const start = performance.now();
  const generated = await generate();
  const native = !values["types-only"] && !values["wasm-only"];
  const wasm = !values["types-only"] && !values["native-only"];
  const built: [string, BuildResult][] = [];
  // The sources are read again under the lock: somebody may have built newer ones while we waited.
  const target = async (name: string, build: typeof buildNative) => {
    const result = await withLock(join(paths.build, `${name}.lock`), async () => {
      const { families, ids } = await generate();
      return build(families, ids, paths);
    });
    built.push([name, result]);
  };
  if (native) await target("native", buildNative);
  const enough = process.env.TENON_KERNELS === "needed" && built.some(([, { skipped }]) => skipped === undefined);
  if (wasm && !enough) await target("wasm", buildWasm);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    [`kernels: ${generated.kernels}`, ...built.map(([name, result]) => describe(name, result)), `${seconds} s`].join(
      " · ",
    ),
  );
  for (const [name, { failures }] of built) {
    for (const { family, output } of failures) console.error(`\n${name}: ${family} failed\n${output}`);
    if (failures.length > 0) process.exitCode = 1;
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof DeclarationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
