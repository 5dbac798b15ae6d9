import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../run-command.ts";
import { type PackageManifest, ROOT, readPackages } from "../workspace.ts";

export interface Tarball {
  readonly name: string;
  readonly file: string;
  readonly manifest: PackageManifest;
}

export interface Packed {
  readonly scratch: string;
  /** Our packages, lowest first. */
  readonly own: readonly Tarball[];
  /** Those and all that they depend on, by name. */
  readonly all: ReadonlyMap<string, Tarball>;
}

async function pack(path: string, destination: string): Promise<string> {
  const { code, output } = await runCommand("npm", [
    "pack",
    path,
    "--json",
    "--silent",
    "--pack-destination",
    destination,
  ]);
  const start = output.indexOf("[");
  if (code !== 0 || start < 0) throw new Error(`npm pack ${path} failed: ${output}`);
  const [{ filename }] = JSON.parse(output.slice(start, output.lastIndexOf("]") + 1)) as [{ filename: string }];
  return join(destination, filename);
}

/** The folder where a dependency of ours is installed; packing it from there needs no network. */
function installedFolder(name: string): string {
  const folder = join(ROOT, "node_modules", name);
  if (!existsSync(folder)) throw new Error(`${name} is not installed at the root of node_modules`);
  return folder;
}

/** Packs our packages as they would be published, and everything that they depend on. */
export async function packAll(scratch: string): Promise<Packed> {
  const destination = join(scratch, "tarballs");
  mkdirSync(destination, { recursive: true });
  const own = await Promise.all(
    readPackages().map(async ({ path, manifest }) => ({
      name: manifest.name,
      manifest,
      file: await pack(path, destination),
    })),
  );
  const all = new Map<string, Tarball>(own.map((tarball) => [tarball.name, tarball]));
  const pending = own.flatMap(({ manifest }) => Object.keys(manifest.dependencies ?? {}));
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (all.has(name)) continue;
    const folder = installedFolder(name);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageManifest;
    all.set(name, { name, manifest, file: await pack(folder, destination) });
    pending.push(...Object.keys(manifest.dependencies ?? {}));
  }
  return { scratch: dirname(destination), own, all };
}

/** A package's own name and those of everything it depends on. */
export function closureOf(name: string, all: ReadonlyMap<string, Tarball>): string[] {
  const found = new Set<string>([name]);
  for (const item of found) for (const next of Object.keys(all.get(item)!.manifest.dependencies ?? {})) found.add(next);
  return [...found];
}
