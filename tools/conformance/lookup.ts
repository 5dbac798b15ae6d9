import * as losses from "@tenon/losses";
import * as models from "@tenon/models";
import * as numerics from "@tenon/numerics";
import * as train from "@tenon/train";

const libraries = { losses, models, numerics, train };

/** Thrown for what a case needs and Tenon has not yet: the case becomes a skipped row that names it. */
export class NotThere extends Error {}

/** An export of a package by its name in the data; what a later release adds is found without a change here. */
export function lookup<T>(library: keyof typeof libraries, name: string): T {
  const value = (libraries[library] as unknown as { [name: string]: unknown })[name];
  if (value === undefined) throw new NotThere(`@tenon/${library} has no ${name} yet`);
  return value as T;
}

/** `weight_decay` as `weightDecay`, `T_max` as `tMax`. */
export function camelCase(name: string): string {
  const joined = name.replace(/_([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

/** PyTorch's keyword arguments as an options object. */
export function camelCaseKeys(args: { readonly [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [camelCase(name), value]));
}
