import { readFileSync, writeFileSync } from "node:fs";
import { type AnyNode, parse } from "acorn";

const MARK = "/* @__PURE__ */ ";

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Positions of the calls that run when the module is loaded, inside one expression. */
function callsIn(node: AnyNode, into: number[]): void {
  if (FUNCTIONS.has(node.type)) return;
  if (node.type === "CallExpression" || node.type === "NewExpression") into.push(node.start);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string" && typeof child.start === "number") callsIn(child, into);
    }
  }
}

/**
 * Marks every call in the initialiser of a top-level variable as free of side effects, which is what `"sideEffects": false` promises of
 * them. Bundlers see only one file per package, and keep each call that is not marked: without this, one function would bring along
 * the tables and operations of all others.
 */
export function markPure(code: string): string {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const places: number[] = [];
  for (const statement of program.body) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { init } of declaration.declarations) if (init) callsIn(init, places);
  }
  let out = "";
  let from = 0;
  for (const place of places.sort((a, b) => a - b)) {
    if (place < from) continue;
    out += code.slice(from, place);
    if (!code.slice(0, place).trimEnd().endsWith("@__PURE__ */")) out += MARK;
    from = place;
  }
  return out + code.slice(from);
}

export function markPureFile(path: string): void {
  writeFileSync(path, markPure(readFileSync(path, "utf8")));
}
