import { type Declaration, type Instance, instances, positions } from "./declarations.ts";
import type { KernelIds } from "./ids.ts";
import type { Family } from "./sources.ts";

const HELPERS = `
namespace NSP {
// By integers: in WebAssembly base is 0, and to a compiler a null pointer plus anything is a null pointer.
template <class P> static INLINE P* pointer_at(char* base, f64 offset) {
  using Address = __UINTPTR_TYPE__;
  return offset == 0 ? nullptr : reinterpret_cast<P*>(reinterpret_cast<Address>(base) + static_cast<Address>(static_cast<i64>(offset)));
}
// Out of line: with three of them in each of hundreds of entries they would be most of the code.
static NOINLINE Dims dims_at(const f64* s) {
  Dims d;
  d.n = static_cast<i64>(s[0]);
  for (i64 i = 0; i < d.n && i < MAX_DIMS; i++) d.v[i] = static_cast<i64>(s[1 + i]);
  return d;
}
`;

function entry(declaration: Declaration, { symbol, cppType }: Instance): string {
  const at = positions(declaration);
  const args = declaration.parameters.map(({ kind, pointee }, i) => {
    const slot = `s[${at[i]}]`;
    if (kind === "pointer") return `pointer_at<${pointee.replace(/\bT\b/, cppType)}>(base, ${slot})`;
    if (kind === "dims") return `dims_at(&${slot})`;
    return kind === "integer" ? `static_cast<i64>(${slot})` : slot;
  });
  const call = `${declaration.name}<${cppType}>(${args.join(", ")})`;
  return `void entry_${symbol}(f64* s, char* base) { ${declaration.returnsValue ? `s[0] = ${call}` : call}; }`;
}

/** One family as a translation unit: its own text, then an entry per instance that takes its arguments from the slot. */
export function familyUnit(family: Family): string {
  const entries = family.declarations.flatMap((declaration) =>
    instances(declaration).map((instance) => entry(declaration, instance)),
  );
  return `${family.text}\n#line 1 "entries of ${family.name}"${HELPERS}${entries.join("\n")}\n}\n`;
}

/** The dispatch table of one instruction set; null where a family is not in the build. */
export function tableUnit(namespace: string, families: readonly Family[], ids: KernelIds): string {
  const symbols = families.flatMap((family) => family.declarations.flatMap(instances));
  const rows: string[] = new Array(ids.size).fill("nullptr");
  for (const { symbol, key } of symbols) rows[ids.id(key)] = `${namespace}::entry_${symbol}`;
  return `namespace ${namespace} {
${symbols.map(({ symbol }) => `void entry_${symbol}(double*, char*);`).join("\n")}
}
extern "C" {
extern void (*const tenon_table_${namespace}[])(double*, char*);
void (*const tenon_table_${namespace}[])(double*, char*) = { ${rows.join(",\n")}${rows.length === 0 ? "nullptr" : ""} };
}
`;
}

/** Length and name of the numbering, the same for all tables of a build. */
export function tableConstants(ids: KernelIds): string {
  return `extern "C" {
extern const int tenon_table_size;
extern const char tenon_table_name[];
const int tenon_table_size = ${ids.size};
const char tenon_table_name[] = "${ids.table}";
}
`;
}
