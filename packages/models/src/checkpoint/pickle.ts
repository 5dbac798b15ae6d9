import { decodeUtf8, type Fail } from "./byte-source.ts";
import {
  Global,
  NumpyDType,
  type PickleKey,
  type PickleValue,
  Storage,
  StridedTensor,
  Tuple,
} from "./pickle-values.ts";

/** What a reader of pickles must decide: which globals exist, what calling or building them means, what a persistent id is. */
export interface PickleRules {
  /** What stands for `module.name`; throws for every name that is not on the list. */
  global(module: string, name: string): PickleValue;
  call(callee: Global, args: readonly PickleValue[]): PickleValue;
  /** Checks the state that BUILD gives to an object; nothing is kept of it. */
  build(object: PickleValue, state: PickleValue): void;
  persistent(id: PickleValue): PickleValue;
}

/** State dicts take about 60 opcodes a tensor. */
const MAX_OPCODES = 3_000_000;
const MAX_LONG = 255;

/**
 * Runs one pickle as data: a stack machine over the opcodes that checkpoints use (protocol 2, and what protocol 4 adds),
 * all others refused by number. It cannot import, call or set anything; `rules` gives the meaning of the few names allowed.
 * @returns the value and the offset after STOP; what follows is not looked at.
 * Source: CPython Lib/pickletools.py describes the opcodes.
 */
export function runPickle(
  bytes: Uint8Array,
  start: number,
  rules: PickleRules,
  fail: Fail,
): { value: PickleValue; end: number } {
  const machine = new Machine(bytes, start, rules, fail);
  return machine.run();
}

type OpcodeTable = ReadonlyMap<number, (m: Machine) => void>;

class Machine {
  readonly rules: PickleRules;
  readonly stack: PickleValue[] = [];
  /** Heights of the stack where a MARK was set. */
  readonly marks: number[] = [];
  readonly memo = new Map<number, PickleValue>();
  #bytes: Uint8Array;
  #view: DataView;
  #at: number;
  #fail: Fail;

  constructor(bytes: Uint8Array, start: number, rules: PickleRules, fail: Fail) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#fail = fail;
    this.rules = rules;
  }

  run(): { value: PickleValue; end: number } {
    for (let count = 0; count < MAX_OPCODES; count++) {
      const opcode = this.u8();
      if (opcode === STOP) {
        const value = this.pop();
        if (this.stack.length > 0 || this.marks.length > 0) throw this.error("STOP with values left on the stack");
        return { value, end: this.#at };
      }
      const action = opcodes.get(opcode);
      if (action === undefined) throw this.error(`opcode 0x${opcode.toString(16)} is not allowed in a checkpoint`);
      action(this);
    }
    throw this.error(`more than ${MAX_OPCODES} opcodes`);
  }

  error(rule: string): Error {
    return this.#fail(`pickle: ${rule}`, `byte ${this.#at} of the pickle`);
  }

  pop(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.error("the stack is empty");
    return this.stack.pop() as PickleValue;
  }

  top(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.error("the stack is empty");
    return this.stack.at(-1) as PickleValue;
  }

  popToMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw this.error("no MARK");
    return this.stack.splice(mark);
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }
  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }
  i32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }
  /** As a number: what is above 2^53 is past the end of any file, and stays that when rounded. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }
  f64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }
  take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }
  /** Checks a length against what is left, without consuming it. */
  need(length: number): void {
    if (length > this.#bytes.length - this.#at) throw this.error(`${length} bytes announced, the end comes first`);
  }
  text(length: number): string {
    return decodeUtf8(this.take(length), this.#fail, `text at byte ${this.#at} of the pickle`);
  }
  line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) throw this.error("a line without end");
    const line = this.text(end - this.#at);
    this.#at++;
    return line;
  }

  #skip(length: number): number {
    this.need(length);
    this.#at += length;
    return this.#at - length;
  }
}

const STOP = 0x2e;

const opcodes: OpcodeTable = new Map<number, (m: Machine) => void>([
  [0x80, protocol],
  [0x95, (m) => m.need(m.u64())], // FRAME
  [0x28, (m) => m.marks.push(m.stack.length)], // MARK
  [0x30, (m) => m.pop()], // POP
  [0x31, (m) => m.popToMark()], // POP_MARK
  [0x32, (m) => m.stack.push(m.top())], // DUP

  [0x4e, (m) => m.stack.push(null)], // NONE
  [0x88, (m) => m.stack.push(true)], // NEWTRUE
  [0x89, (m) => m.stack.push(false)], // NEWFALSE
  [0x4a, (m) => m.stack.push(m.i32())], // BININT
  [0x4b, (m) => m.stack.push(m.u8())], // BININT1
  [0x4d, (m) => m.stack.push(m.u16())], // BININT2
  [0x8a, (m) => m.stack.push(long(m, m.u8()))], // LONG1
  [0x8b, (m) => m.stack.push(long(m, m.i32()))], // LONG4
  [0x47, (m) => m.stack.push(m.f64())], // BINFLOAT
  [0x58, (m) => m.stack.push(m.text(m.u32()))], // BINUNICODE
  [0x8c, (m) => m.stack.push(m.text(m.u8()))], // SHORT_BINUNICODE
  [0x8d, (m) => m.stack.push(m.text(m.u64()))], // BINUNICODE8
  [0x42, (m) => m.stack.push(m.take(m.u32()))], // BINBYTES
  [0x43, (m) => m.stack.push(m.take(m.u8()))], // SHORT_BINBYTES

  [0x29, (m) => m.stack.push(new Tuple([]))], // EMPTY_TUPLE
  [0x85, (m) => tuple(m, 1)],
  [0x86, (m) => tuple(m, 2)],
  [0x87, (m) => tuple(m, 3)],
  [0x74, (m) => m.stack.push(new Tuple(m.popToMark()))], // TUPLE
  [0x5d, (m) => m.stack.push([])], // EMPTY_LIST
  [0x61, (m) => append(m, [m.pop()])], // APPEND
  [0x65, (m) => append(m, m.popToMark())], // APPENDS
  [0x7d, (m) => m.stack.push(new Map())], // EMPTY_DICT
  [0x73, setItem], // SETITEM
  [0x75, (m) => setItems(m, m.popToMark())], // SETITEMS
  [0x8f, (m) => m.stack.push(new Set())], // EMPTY_SET
  [0x90, addItems], // ADDITEMS

  [0x71, (m) => m.memo.set(m.u8(), m.top())], // BINPUT
  [0x72, (m) => m.memo.set(m.u32(), m.top())], // LONG_BINPUT
  [0x94, (m) => m.memo.set(m.memo.size, m.top())], // MEMOIZE
  [0x68, (m) => recall(m, m.u8())], // BINGET
  [0x6a, (m) => recall(m, m.u32())], // LONG_BINGET

  [0x63, (m) => m.stack.push(m.rules.global(m.line(), m.line()))], // GLOBAL
  [0x93, stackGlobal],
  [0x52, reduce],
  [0x62, build],
  [0x51, (m) => m.stack.push(m.rules.persistent(m.pop()))], // BINPERSID
]);

function protocol(m: Machine): void {
  const version = m.u8();
  if (version > 5) throw m.error(`protocol ${version}; the last one is 5`);
}

/** A little-endian two's complement integer; a number while it is exact, else a bigint. */
function long(m: Machine, length: number): number | bigint {
  if (length < 0 || length > MAX_LONG) throw m.error(`an integer of ${length} bytes`);
  let hex = "";
  for (const byte of m.take(length)) hex = byte.toString(16).padStart(2, "0") + hex;
  const value = BigInt.asIntN(length * 8, BigInt(`0x${hex || "0"}`));
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function tuple(m: Machine, length: number): void {
  const items: PickleValue[] = [];
  for (let i = 0; i < length; i++) items.unshift(m.pop());
  m.stack.push(new Tuple(items));
}

function append(m: Machine, items: PickleValue[]): void {
  const list = m.top();
  if (!Array.isArray(list)) throw m.error("APPEND to what is not a list");
  for (const item of items) list.push(item);
}

function setItem(m: Machine): void {
  const value = m.pop();
  setItems(m, [m.pop(), value]);
}

function setItems(m: Machine, items: PickleValue[]): void {
  const dict = m.top();
  if (!(dict instanceof Map)) throw m.error("SETITEM on what is not a dictionary");
  if (items.length % 2 !== 0) throw m.error("SETITEMS with a key that has no value");
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i];
    if (!isKey(key)) throw m.error("a dictionary key that is neither text nor a number");
    if (dict.has(key)) throw m.error(`key ${JSON.stringify(String(key))} appears twice`);
    dict.set(key, items[i + 1] as PickleValue);
  }
}

function isKey(value: PickleValue | undefined): value is PickleKey {
  return (
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
  );
}

function addItems(m: Machine): void {
  const items = m.popToMark();
  const set = m.top();
  if (!(set instanceof Set)) throw m.error("ADDITEMS to what is not a set");
  for (const item of items) set.add(item);
}

function recall(m: Machine, slot: number): void {
  const value = m.memo.get(slot);
  if (value === undefined) throw m.error(`memo slot ${slot} was never filled`);
  m.stack.push(value);
}

function stackGlobal(m: Machine): void {
  const name = m.pop();
  const module = m.pop();
  if (typeof name !== "string" || typeof module !== "string") throw m.error("STACK_GLOBAL without two names");
  m.stack.push(m.rules.global(module, name));
}

function reduce(m: Machine): void {
  const args = m.pop();
  const callee = m.pop();
  if (!(callee instanceof Global)) throw m.error("REDUCE on what is not a function");
  if (!(args instanceof Tuple)) throw m.error(`REDUCE of ${callee.name} without a tuple of arguments`);
  m.stack.push(m.rules.call(callee, args.items));
}

function build(m: Machine): void {
  const state = m.pop();
  m.rules.build(m.top(), state);
}

const MAX_DEPTH = 64;
const MAX_NODES = 1_000_000;

/**
 * Walks the finished value once, without recursion, calling `visit` for every tensor. Lists that contain themselves, nest
 * deeper than 64, or have more than a million nodes when written out as a tree are refused, because whoever walks the result would suffer.
 */
export function walkPickle(root: PickleValue, fail: Fail, visit: (tensor: StridedTensor) => void): void {
  let nodes = 0;
  let level: Iterable<PickleValue>[] = [[root]];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw fail(`pickle: nested deeper than ${MAX_DEPTH}, or containing itself`, "value");
    const next: Iterable<PickleValue>[] = [];
    for (const children of level) {
      for (const value of children) {
        if (++nodes > MAX_NODES) throw fail(`pickle: more than ${MAX_NODES} values`, "value");
        if (value instanceof StridedTensor) visit(value);
        else if (value instanceof Global || value instanceof Storage || value instanceof NumpyDType)
          throw fail("pickle: a name or storage by itself", "value");
        else if (value instanceof Tuple) next.push(value.items);
        else if (Array.isArray(value) || value instanceof Set) next.push(value);
        else if (value instanceof Map) next.push(value.values());
      }
    }
    level = next;
  }
}
