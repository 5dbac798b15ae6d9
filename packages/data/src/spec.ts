import { ArgumentError } from "@tenon/numerics";

/**
 * How a worker makes an object again: the class `name`, exported by the module at the URL `module` (this package where there is none),
 * called with `args`. Arguments must survive structured cloning, except that specs in them are made into objects first. Buffers that are
 * to be seen by all workers without copies are `SharedArrayBuffer`s.
 */
export interface Spec {
  readonly name: string;
  readonly module?: string;
  readonly args: readonly unknown[];
}

/** Objects that can be made again in a worker. */
export interface HasSpec {
  spec(): Spec;
}

const MARK = "tenonSpec";

/** What travels to the worker in place of `value`; undefined stays undefined. */
export function toSpec(value: object | undefined, op: string): unknown {
  if (value === undefined) return undefined;
  if (!("spec" in value) || typeof value.spec !== "function") {
    throw new ArgumentError({
      op,
      rule: "workers cannot make this object again, because it has no spec",
      received: value.constructor?.name || "an object",
      expected: "a method spec() that gives { name, module, args }",
      hint: "Add it (module: the URL of a built .js file that exports the class), or use numWorkers: 0",
    });
  }
  return { [MARK]: (value as HasSpec).spec() };
}

/** The classes that specs without a module name. */
export type BuiltIns = Readonly<Record<string, unknown>>;

/** Makes what `toSpec` described, looking into arrays and plain objects. */
export async function fromSpec(value: unknown, builtIns: BuiltIns): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => fromSpec(item, builtIns)));
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  if (MARK in value) return construct(value[MARK] as Spec, builtIns);
  const made = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await fromSpec(item, builtIns)] as const),
  );
  return Object.fromEntries(made);
}

async function construct({ name, module, args }: Spec, builtIns: BuiltIns): Promise<unknown> {
  const names = module === undefined ? builtIns : ((await import(module)) as BuiltIns);
  const Class = Object.hasOwn(names, name) ? names[name] : undefined;
  if (typeof Class !== "function") {
    throw new ArgumentError({
      op: "DataLoader",
      rule: "a spec names a class that its module does not export",
      received: `${name} from ${module ?? "@tenon/data"}`,
    });
  }
  return Reflect.construct(Class, (await fromSpec(args, builtIns)) as unknown[]);
}
