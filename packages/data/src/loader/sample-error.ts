import {
  ArgumentError,
  ChecksumError,
  DisposedError,
  DTypeError,
  FileError,
  FormatError,
  GraphError,
  IndexOutOfRangeError,
  OutOfMemoryError,
  ShapeError,
  TenonError,
  UnsupportedError,
} from "@tenon/numerics";

/** The classes that errors from workers come back as, by name. */
const CLASSES: Readonly<Record<string, unknown>> = {
  ArgumentError,
  ChecksumError,
  DisposedError,
  DTypeError,
  FileError,
  FormatError,
  GraphError,
  IndexOutOfRangeError,
  OutOfMemoryError,
  ShapeError,
  TenonError,
  UnsupportedError,
};

/** The same error, with the sample's index at the end of its message. */
export function atSample(error: unknown, index: number): Error {
  const known = error instanceof Error ? error : new Error(String(error));
  known.message += ` (sample ${index})`;
  return known;
}

/** An error as it travels between threads: structured cloning would drop class and fields. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly tenon:
    | { readonly op: string; readonly received?: string; readonly expected?: string; readonly hint?: string }
    | undefined;
}

export function packError(error: unknown): PackedError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof TenonError)) return { name, message, stack, tenon: undefined };
  const { op, received, expected, hint } = error;
  const fields = { received, expected, hint };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { name, message, stack, tenon: { op, ...given } };
}

/** The error again: of Tenon's class, or of JavaScript's class of that name, else an Error. */
export function unpackError({ name, message, stack, tenon }: PackedError): Error {
  const found = (tenon === undefined ? (globalThis as Readonly<Record<string, unknown>>) : CLASSES)[name];
  const isErrorClass = typeof found === "function" && found.prototype instanceof Error;
  const error: Error =
    tenon !== undefined && isErrorClass
      ? Reflect.construct(found, [{ ...tenon, rule: message }])
      : isErrorClass
        ? Reflect.construct(found, [message])
        : new Error(message);
  error.name = name;
  error.message = message;
  if (stack !== undefined) error.stack = `${stack}\n    in a loader worker`;
  return error;
}
