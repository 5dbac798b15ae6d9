// Adds to package-lock.json the optional packages of other platforms that npm left out.
//
// npm records an optional dependency only if the registry has it at that moment; a mirror that lags behind makes it write a lock file that
// `npm ci` then refuses ("Missing: ... from lock file"). What an entry needs is known without the registry: name, version, and the platform
// in its name. Run after `npm install`:  node tools/complete-lockfile.mjs
import { readFileSync, renameSync, writeFileSync } from "node:fs";

const FILE = new URL("../package-lock.json", import.meta.url);
const OS = {
  darwin: "darwin",
  linux: "linux",
  win32: "win32",
  windows: "win32",
  android: "android",
  freebsd: "freebsd",
  openbsd: "openbsd",
  netbsd: "netbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  aix: "aix",
};
const CPU = {
  64: "x64",
  x64: "x64",
  arm64: "arm64",
  arm: "arm",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  loong64: "loong64",
  loongarch64: "loong64",
};
const LIBC = { musl: "musl", musleabihf: "musl", gnu: "glibc", gnueabihf: "glibc" };

/** Operating system, processor and C library that a platform package names in its name. */
function platformOf(name) {
  const tokens = name.replace(/^@[^/]+\//, "").split("-");
  const pick = (table) => tokens.map((token) => table[token]).find((value) => value !== undefined);
  const [os, cpu] = [pick(OS), pick(CPU)];
  if (os === undefined || cpu === undefined) throw new Error(`${name} names no platform; add it by hand`);
  const libc = os === "linux" ? pick(LIBC) : undefined;
  return { ...(libc === undefined ? {} : { libc: [libc] }), os: [os], cpu: [cpu] };
}

const lock = JSON.parse(readFileSync(FILE, "utf8"));
const { packages } = lock;
let added = 0;
for (const entry of Object.values({ ...packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (packages[key] !== undefined || !/^\d+\.\d+\.\d+/.test(version)) continue;
    const { libc, os, cpu } = platformOf(name);
    packages[key] = {
      version,
      cpu,
      ...(entry.dev ? { dev: true } : {}),
      ...(libc === undefined ? {} : { libc }),
      optional: true,
      os,
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
const aside = new URL("../package-lock.json.tmp", import.meta.url);
writeFileSync(aside, `${JSON.stringify(lock, null, 2)}\n`);
renameSync(aside, FILE);
console.log(`${added} packages of other platforms added`);
