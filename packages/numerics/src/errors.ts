/** What every Tenon error carries. Programs test the fields, people read the message made from them. */
export interface ErrorDetails {
  /** The function that was called, as its user knows it: `matmul`, `CIFAR10.open`. */
  readonly op: string;
  /** The rule that was broken, in a few words: "inner sizes differ". */
  readonly rule: string;
  /** The values that came: shapes, dtypes, numbers, paths. */
  readonly received?: string;
  /** What would have been accepted. */
  readonly expected?: string;
  /** What to do, where we know it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

function sentence(label: string, text: string | undefined): string {
  return text === undefined || text === "" ? "" : ` ${label}${text.replace(/\.$/, "")}.`;
}

/** The base of all errors that Tenon throws on purpose. `code` is stable across versions; the text is not. */
export class TenonError extends Error {
  readonly code: string = "TENON";
  readonly op: string;
  readonly received: string | undefined;
  readonly expected: string | undefined;
  readonly hint: string | undefined;

  constructor(details: ErrorDetails) {
    const { op, rule, received, expected, hint } = details;
    super(
      `${op}: ${rule.replace(/\.$/, "")}.${sentence("Received ", received)}${sentence("Expected ", expected)}${sentence("", hint)}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = new.target.name;
    this.op = op;
    this.received = received;
    this.expected = expected;
    this.hint = hint;
  }
}

/** Shapes that do not fit each other or the operation. */
export class ShapeError extends TenonError {
  override readonly code = "SHAPE";
}

/** An element type that the operation does not take. */
export class DTypeError extends TenonError {
  override readonly code = "DTYPE";
}

/** An index, class or dimension outside its range. */
export class IndexOutOfRangeError extends TenonError {
  override readonly code = "INDEX_OUT_OF_RANGE";
}

/** Any other argument that cannot be used. */
export class ArgumentError extends TenonError {
  override readonly code = "ARGUMENT";
}

/** Use of a tensor after `dispose()` or after the end of its scope. */
export class DisposedError extends TenonError {
  override readonly code = "DISPOSED";
}

/** Differentiation or tracing that cannot be done: no path, a graph already freed, a value changed in place. */
export class GraphError extends TenonError {
  override readonly code = "GRAPH";
}

/** Something that exists in principle and is not offered here: a dtype of a kernel, an ONNX lowering. */
export class UnsupportedError extends TenonError {
  override readonly code = "UNSUPPORTED";
}

/** A file or byte stream that is not what it should be. */
export class FormatError extends TenonError {
  override readonly code = "FORMAT";
}

/** A file whose checksum is not the published one. */
export class ChecksumError extends TenonError {
  override readonly code = "CHECKSUM";
}

/** A file that is missing, unreadable or unwritable. */
export class FileError extends TenonError {
  override readonly code = "FILE";
}

/** The engine's memory is used up. */
export class OutOfMemoryError extends TenonError {
  override readonly code = "OUT_OF_MEMORY";
}
