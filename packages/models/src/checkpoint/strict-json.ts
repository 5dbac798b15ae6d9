import type { Fail } from "./byte-source.ts";

/**
 * JSON as untrusted headers need it: objects are Maps (no key is special), a key given twice is an error, integers are
 * bigints (so 2, 2.0 and 2e0 stay apart and nothing is rounded), and nesting has a limit. `JSON.parse` can do none of these.
 */
export type StrictJson = string | number | bigint | boolean | null | StrictJson[] | Map<string, StrictJson>;

const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
/** A 64-bit integer has at most 20 characters; longer ones would only cost time to convert. */
const MAX_INTEGER_LENGTH = 20;

/** @throws what `fail` makes, with the offset in characters. */
export function parseStrictJson(text: string, fail: Fail): StrictJson {
  const parser = new Parser(text, fail);
  const value = parser.value(0);
  parser.end();
  return value;
}

class Parser {
  #text: string;
  #fail: Fail;
  #at = 0;

  constructor(text: string, fail: Fail) {
    this.#text = text;
    this.#fail = fail;
  }

  value(depth: number): StrictJson {
    if (depth > MAX_DEPTH) throw this.#error(`nested deeper than ${MAX_DEPTH}`);
    const next = this.#peek();
    if (next === "{") return this.#object(depth);
    if (next === "[") return this.#array(depth);
    if (next === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  end(): void {
    if (this.#peek() !== "") throw this.#error("text after the end");
  }

  #object(depth: number): Map<string, StrictJson> {
    const object = new Map<string, StrictJson>();
    this.#list("{", "}", () => {
      if (this.#peek() !== '"') throw this.#error("a key must be a string");
      const key = this.#string();
      if (object.has(key)) throw this.#error(`key ${JSON.stringify(key)} appears twice`);
      this.#expect(":");
      object.set(key, this.value(depth + 1));
    });
    return object;
  }

  #array(depth: number): StrictJson[] {
    const array: StrictJson[] = [];
    this.#list("[", "]", () => array.push(this.value(depth + 1)));
    return array;
  }

  #list(open: string, close: string, item: () => void): void {
    this.#expect(open);
    if (this.#peek() === close) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      const next = this.#peek();
      if (next !== "," && next !== close) throw this.#error(`"," or "${close}" is missing`);
      this.#at++;
      if (next === close) return;
    }
  }

  #string(): string {
    const start = this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"')
      this.#at += this.#text[this.#at] === "\\" ? 2 : 1;
    this.#at++;
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch {
      this.#at = start;
      throw this.#error("not a string");
    }
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#error("not JSON");
    const [token, fraction, exponent] = match;
    this.#at += token.length;
    if (fraction !== undefined || exponent !== undefined || token === "-0") return Number(token);
    if (token.length > MAX_INTEGER_LENGTH) throw this.#error("an integer of more than 64 bits");
    return BigInt(token);
  }

  #expect(character: string): void {
    if (this.#peek() !== character) throw this.#error(`"${character}" is missing`);
    this.#at++;
  }

  /** The next character that is not white space, "" at the end. */
  #peek(): string {
    while (" \n\r\t".includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++;
    return this.#text.charAt(this.#at);
  }

  #error(rule: string): Error {
    return this.#fail(`JSON: ${rule}`, `character ${this.#at} of the header`);
  }
}

const WORDS: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
