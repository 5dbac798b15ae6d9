import { APPS, PACKAGE_ORDER, SCOPE } from "../layers.ts";
import { importsOf } from "./imports.ts";

export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package or app as the check sees it. Paths are relative to its `src`. */
export interface Unit {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

function isTest(path: string): boolean {
  return /\.(test|cases|bench)\.ts$/.test(path);
}

function declaredBy(manifest: Manifest): ReadonlySet<string> {
  const { dependencies, peerDependencies, optionalDependencies } = manifest;
  return new Set(Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }));
}

/** `@tenon/x/sub` → `["@tenon/x", "./sub"]` */
function splitSpecifier(specifier: string): [string, string] {
  const parts = specifier.split("/");
  const depth = specifier.startsWith("@") ? 2 : 1;
  const rest = parts.slice(depth).join("/");
  return [parts.slice(0, depth).join("/"), rest === "" ? "." : `./${rest}`];
}

function leavesSource(path: string, specifier: string): boolean {
  let depth = path.split("/").length - 1;
  for (const part of specifier.split("/")) {
    if (part === "..") depth--;
    else if (part !== ".") depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** What is wrong with the dependencies that a manifest declares: upward ones, and so every cycle. */
function manifestProblems(unit: Unit): string[] {
  const own = (PACKAGE_ORDER as readonly string[]).indexOf(unit.folder);
  if ((APPS as readonly string[]).includes(unit.folder)) return [];
  if (own < 0) return [`${unit.manifest.name}: not in the order of packages (tools/layers.ts)`];
  const problems: string[] = [];
  for (const name of declaredBy(unit.manifest)) {
    if (!name.startsWith(SCOPE)) continue;
    const other = (PACKAGE_ORDER as readonly string[]).indexOf(name.slice(SCOPE.length));
    if (other < 0 || other >= own) problems.push(`${unit.manifest.name}: depends upward on ${name}`);
  }
  return problems;
}

function importProblem(unit: Unit, path: string, specifier: string, units: readonly Unit[]): string | undefined {
  if (specifier.startsWith("node:")) return undefined;
  if (specifier.startsWith(".")) {
    return leavesSource(path, specifier) && !isTest(path) ? "leaves the package's source" : undefined;
  }
  const [name, subpath] = splitSpecifier(specifier);
  const target = units.find(({ manifest }) => manifest.name === name);
  if (name === unit.manifest.name) return "imports its own package by name";
  if (target !== undefined) {
    const order = PACKAGE_ORDER as readonly string[];
    const own = order.indexOf(unit.folder);
    if (own >= 0 && order.indexOf(target.folder) >= own) return "imports upward";
    if (target.manifest.exports?.[subpath] === undefined) return "imports past the public entry points";
  }
  if (isTest(path)) return undefined;
  return declaredBy(unit.manifest).has(name) ? undefined : "is not declared in package.json";
}

/** Every import or dependency that breaks the layers: upward, undeclared, past the public entry points, or out of the source folder. */
export function layerProblems(units: readonly Unit[]): string[] {
  return units.flatMap((unit) => [
    ...manifestProblems(unit),
    ...unit.files.flatMap(({ path, text }) =>
      importsOf(text).flatMap(({ specifier, line }) => {
        const problem = importProblem(unit, path, specifier, units);
        return problem === undefined ? [] : [`${unit.folder}/src/${path}:${line}: "${specifier}" ${problem}`];
      }),
    ),
  ]);
}
