import { UnsupportedError } from "@tenon/numerics";

function inNode(op: string): void {
  if (typeof process !== "undefined" && typeof process.getBuiltinModule === "function") return;
  throw new UnsupportedError({ op, rule: "needs Node's modules", expected: "Node 20.19 or later" });
}

/** Node's zlib, looked up at the call so that the package loads in a browser. */
export function zlib(op: string): typeof import("node:zlib") {
  inNode(op);
  return process.getBuiltinModule("node:zlib");
}

/** Node's file system, looked up at the call so that the package loads in a browser. */
export function fileSystem(op: string): typeof import("node:fs") {
  inNode(op);
  return process.getBuiltinModule("node:fs");
}
