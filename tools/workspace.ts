import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest, Unit } from "./check/layers.ts";
import { APPS, PACKAGE_ORDER } from "./layers.ts";

/** The repository's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

export interface PackageManifest extends Manifest {
  readonly version: string;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface Package {
  /** `numerics` */
  readonly folder: string;
  readonly path: string;
  readonly manifest: PackageManifest;
}

function readPackage(folder: string, parent: string): Package {
  const path = join(ROOT, parent, folder);
  return { folder, path, manifest: JSON.parse(readFileSync(join(path, "package.json"), "utf8")) };
}

/** The published packages, lowest first. */
export function readPackages(): Package[] {
  return PACKAGE_ORDER.map((folder) => readPackage(folder, "packages"));
}

function sourcesOf(path: string): Unit["files"] {
  const src = join(path, "src");
  if (!existsSync(src)) return [];
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ path: file.replaceAll("\\", "/"), text: readFileSync(join(src, file), "utf8") }));
}

/** All packages and apps with their sources. */
export function readUnits(): Unit[] {
  const apps = APPS.map((folder) => readPackage(folder, "apps"));
  return [...readPackages(), ...apps].map(({ folder, path, manifest }) => ({
    folder,
    manifest,
    files: sourcesOf(path),
  }));
}
