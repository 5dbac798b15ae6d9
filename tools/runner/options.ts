import { type ParseArgsConfig, parseArgs } from "node:util";

/** Options that every runner takes. */
export interface RunnerOptions {
  readonly only: RegExp;
  readonly json: string | undefined;
  readonly positionals: readonly string[];
  /** The runner's own options, as given. */
  readonly own: Readonly<Record<string, string | boolean | undefined>>;
}

const COMMON = {
  backend: { type: "string" },
  threads: { type: "string" },
  only: { type: "string", default: "." },
  json: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

const COMMON_HELP = `
  --backend native|wasm   which engine (default: the best there is)
  --threads N             how many threads compute
  --only REGEX            only the rows whose name matches
  --json FILE             writes the outcomes as JSON too
  --help`;

/** A mistake in the command line: one line, exit code 2. */
export function usage(message: string): never {
  console.error(`${message} (--help explains the options)`);
  process.exit(2);
}

/**
 * Reads the command line and sets the engine's variables. Must run before anything imports a package of ours and starts the engine.
 * Ends the process after `--help` or a mistake.
 */
export function runnerOptions(help: string, own: NonNullable<ParseArgsConfig["options"]> = {}): RunnerOptions {
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ options: { ...COMMON, ...own }, allowPositionals: true });
  } catch (error) {
    usage((error as Error).message);
  }
  const values = parsed.values as Record<string, string | boolean | undefined>;
  if (values.help) {
    console.log(`${help.trimEnd()}${COMMON_HELP}`);
    process.exit(0);
  }
  const { backend, threads, only, json } = values as {
    backend?: string;
    threads?: string;
    only: string;
    json?: string;
  };
  if (backend !== undefined) {
    if (backend !== "native" && backend !== "wasm") usage(`--backend is native or wasm, not ${backend}`);
    process.env.TENON_BACKEND = backend;
  }
  if (threads !== undefined) {
    if (!/^[1-9]\d*$/.test(threads)) usage(`--threads is a whole number from 1, not ${threads}`);
    process.env.TENON_THREADS = threads;
  }
  let pattern: RegExp;
  try {
    pattern = new RegExp(only);
  } catch (error) {
    usage(`--only: ${(error as Error).message}`);
  }
  return { only: pattern, json, positionals: parsed.positionals, own: values };
}
