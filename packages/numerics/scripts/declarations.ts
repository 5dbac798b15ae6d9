/** Element types a kernel can be instantiated for: key in TypeScript, type in C++. */
const ELEMENT: Readonly<Record<string, string>> = {
  float32: "f32",
  float64: "f64",
  int8: "i8",
  uint8: "u8",
  int16: "i16",
  int32: "i32",
  int64: "i64",
  bool: "b8",
  1: "u8",
  2: "u16",
  4: "u32",
  8: "u64",
};

const FLOATS = ["float32", "float64"];
const INTS = ["int8", "uint8", "int16", "int32", "int64"];

/** What a declaration may write as its set of element types. NONE: the kernel has no element type. */
const TYPE_SETS: Readonly<Record<string, readonly string[]>> = {
  FLOATS,
  INTS,
  NUMBERS: [...FLOATS, ...INTS],
  ALL: [...FLOATS, ...INTS, "bool"],
  F32: ["float32"],
  F64: ["float64"],
  // Other integers are converted to int64 and back, which wraps as their own arithmetic would.
  WIDE: [...FLOATS, "int64"],
  WIDTHS: ["1", "2", "4", "8"],
  NONE: [],
};

export type ParameterKind = "pointer" | "integer" | "number" | "dims";

export interface Parameter {
  readonly kind: ParameterKind;
  /** camelCase, as in TypeScript. */
  readonly name: string;
  /** What a pointer points to, in C++: `const T`, `u8`. */
  readonly pointee: string;
}

/** One KERNEL or KERNEL_VALUE line. */
export interface Declaration {
  /** snake_case, as in C++. */
  readonly name: string;
  /** camelCase, as in TypeScript. */
  readonly method: string;
  readonly types: readonly string[];
  readonly returnsValue: boolean;
  readonly parameters: readonly Parameter[];
  /** The file's name without folder and extension: the family. */
  readonly family: string;
  readonly line: number;
}

/** One instance of a kernel: what gets an id in the dispatch table. */
export interface Instance {
  /** Unique among all families: `gelu_float32`, or the kernel's name if it has no element type. */
  readonly symbol: string;
  /** Key in TypeScript (`float32`, `4`); "" if the kernel has no element type. */
  readonly type: string;
  readonly cppType: string;
  /** Names kernel, type and parameters: changes when a binary built for the old declaration must not be called. */
  readonly key: string;
}

/** A declaration that cannot be used, with the place where it stands. */
export class DeclarationError extends Error {
  constructor(family: string, line: number, problem: string) {
    super(`kernels/${family}.cpp:${line}: ${problem}`);
    this.name = "DeclarationError";
  }
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Blanks out comments and directives, keeping lengths and line ends, so that positions stay those of the file. */
function withoutComments(source: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, " ");
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, blank).replace(/^[ \t]*#(?:[^\n]*\\\n)*[^\n]*/gm, blank);
}

/** The text between the parenthesis at `open` and its partner, split at commas of the outermost level. */
function argumentsAt(text: string, open: number): string[] | null {
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let i = open; i < text.length; i++) {
    const c = text[i];
    if (c === "(") depth++;
    else if (c === ")" && --depth === 0) return [...parts, text.slice(start, i)];
    else if (c === "," && depth === 1) {
      parts.push(text.slice(start, i));
      start = i + 1;
    } else if (c === "{" || c === ";") return null;
  }
  return null;
}

const POINTEES = ["T", "f32", "f64", "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "b8"];
const RESERVED = new Set([
  "in",
  "new",
  "delete",
  "default",
  "function",
  "var",
  "with",
  "this",
  "typeof",
  "void",
  "s",
  "run",
  "id",
]);

function parameter(text: string, fail: (problem: string) => never): Parameter {
  const normal = text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/ ?\* ?/g, "* ");
  const match = /^(?:(const )?(\w+)\* |(i64|f64|Dims) )([A-Za-z_]\w*)$/.exec(normal);
  if (match === null) {
    fail(
      `parameter "${normal}" is not understood; write a pointer ("const T* x", "u8* scratch"), "i64 n", "f64 x" or "Dims shape"`,
    );
  }
  const [, isConst, pointee, scalar, rawName] = match;
  const name = RESERVED.has(camelCase(rawName!)) ? `${camelCase(rawName!)}_` : camelCase(rawName!);
  if (pointee !== undefined) {
    if (!POINTEES.includes(pointee))
      fail(`parameter "${normal}" points to ${pointee}; known are ${POINTEES.join(", ")}`);
    return { kind: "pointer", name, pointee: `${isConst ?? ""}${pointee}` };
  }
  const kind = scalar === "i64" ? "integer" : scalar === "f64" ? "number" : "dims";
  return { kind, name, pointee: "" };
}

/**
 * Finds the kernels that a file declares.
 *
 * @throws DeclarationError with file and line if a declaration is malformed.
 */
export function parseDeclarations(family: string, source: string): Declaration[] {
  const text = withoutComments(source);
  const found: Declaration[] = [];
  for (const match of text.matchAll(/\bKERNEL(_VALUE)?\s*\(/g)) {
    const line = text.slice(0, match.index).split("\n").length;
    const fail = (problem: string): never => {
      throw new DeclarationError(family, line, problem);
    };
    const parts = argumentsAt(text, match.index + match[0].length - 1)?.map((part) => part.trim());
    if (parts?.length !== 3) fail(`write ${match[0]}name, TYPES, (parameters)) { ... }`);
    const [name, set, list] = parts as [string, string, string];
    if (!/^[a-z][a-z0-9_]*$/.test(name)) fail(`kernel name "${name}" is not snake_case`);
    if (TYPE_SETS[set] === undefined)
      fail(`${name}: unknown types "${set}"; known are ${Object.keys(TYPE_SETS).join(", ")}`);
    const inside = /^\(([\s\S]*)\)$/.exec(list)?.[1] ?? fail(`${name}: parameters must stand in parentheses`);
    const parameters =
      inside.trim() === ""
        ? []
        : inside.split(",").map((item) => parameter(item, (problem) => fail(`${name}: ${problem}`)));
    if (set === "NONE" && parameters.some(({ pointee }) => /\bT\b/.test(pointee))) fail(`${name}: NONE has no type T`);
    found.push({
      name,
      method: camelCase(name),
      types: TYPE_SETS[set]!,
      returnsValue: match[1] !== undefined,
      parameters,
      family,
      line,
    });
  }
  found.push(...unaryDeclarations(family, text), ...binaryDeclarations(family, text));
  if (found.length > 0 && !/\bnamespace\s+NSP\s*\{/.test(text)) {
    throw new DeclarationError(
      family,
      found[0]!.line,
      "put everything after the includes into `namespace NSP { ... }`",
    );
  }
  return found;
}

const pointer = (name: string, pointee: string): Parameter => ({ kind: "pointer", name, pointee });

/**
 * `UNARY(name)` of common/unary.h stands for two kernels, the function and its gradient; `UNARY1(name, p)`, `UNARY2(name, p, q)` ... have
 * further parameters.
 */
function unaryDeclarations(family: string, text: string): Declaration[] {
  return [...text.matchAll(/^[ \t]*UNARY(\d?)\(([^)]*)\)/gm)].flatMap(([, count, list], i, all) => {
    const line = text.slice(0, all[i]!.index).split("\n").length;
    const [name = "", ...extra] = list!.split(",").map((part) => part.trim());
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new DeclarationError(family, line, `"${name}" is not snake_case`);
    if (extra.length !== Number(count)) {
      throw new DeclarationError(
        family,
        line,
        `${name}: UNARY${count} takes ${Number(count)} names after the function's`,
      );
    }
    const rest: Parameter[] = [
      { kind: "integer", name: "n", pointee: "" },
      ...extra.map((p): Parameter => ({ kind: "number", name: camelCase(p), pointee: "" })),
    ];
    const kernel = (full: string, parameters: Parameter[]): Declaration => {
      return { name: full, method: camelCase(full), types: FLOATS, returnsValue: false, parameters, family, line };
    };
    return [
      kernel(name, [pointer("x", "const T"), pointer("y", "T"), ...rest]),
      kernel(`${name}_grad`, [pointer("x", "const T"), pointer("dy", "const T"), pointer("dx", "T"), ...rest]),
    ];
  });
}

/** `BINARY(name)` of common/binary.h stands for three kernels: the function of two operands and its gradient with respect to either. */
function binaryDeclarations(family: string, text: string): Declaration[] {
  return [...text.matchAll(/^[ \t]*BINARY\((\w*)\)/gm)].flatMap((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    const name = match[1]!;
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new DeclarationError(family, line, `"${name}" is not snake_case`);
    const operands = [pointer("a", "const T"), pointer("b", "const T")];
    const layout = ["shape", "sa", "sb"].map((p): Parameter => ({ kind: "dims", name: p, pointee: "" }));
    const kernel = (full: string, parameters: Parameter[]): Declaration => {
      return { name: full, method: camelCase(full), types: FLOATS, returnsValue: false, parameters, family, line };
    };
    const gradient = [...operands, pointer("dy", "const T"), pointer("dx", "T"), ...layout];
    return [
      kernel(name, [...operands, pointer("y", "T"), ...layout]),
      kernel(`${name}_grad_a`, gradient),
      kernel(`${name}_grad_b`, gradient),
    ];
  });
}

/** @throws DeclarationError if two kernels share a name. */
export function checkUnique(declarations: readonly Declaration[]): void {
  const seen = new Map<string, Declaration>();
  for (const declaration of declarations) {
    const other = seen.get(declaration.method);
    if (other !== undefined) {
      const place = `kernels/${other.family}.cpp:${other.line}`;
      throw new DeclarationError(
        declaration.family,
        declaration.line,
        `${declaration.name} is declared in ${place} already`,
      );
    }
    seen.set(declaration.method, declaration);
  }
}

export function instances(declaration: Declaration): Instance[] {
  const { name, types, parameters, returnsValue } = declaration;
  const signature = parameters.map(({ kind, pointee }) => (kind === "pointer" ? `${pointee}*` : kind)).join(",");
  const make = (type: string, cppType: string): Instance => {
    const symbol = type === "" ? name : `${name}_${type}`;
    return { symbol, type, cppType, key: `${symbol}(${signature})${returnsValue ? "=value" : ""}` };
  };
  return types.length === 0 ? [make("", "void")] : types.map((type) => make(type, ELEMENT[type]!));
}

/** Doubles in the descriptor slot, the kernel's id first. */
const SLOT_LENGTH = 512;
const DIMS_LENGTH = 13;

/** Where each parameter begins in the slot. Dims take a fixed place, so that every position is a constant. */
export function positions(declaration: Declaration): number[] {
  let next = 1;
  const result = declaration.parameters.map(({ kind }) => {
    const position = next;
    next += kind === "dims" ? DIMS_LENGTH : 1;
    return position;
  });
  if (next > SLOT_LENGTH)
    throw new DeclarationError(declaration.family, declaration.line, `${declaration.name}: too many parameters`);
  return result;
}
