/** Specs as bytes for binding/wasm.cpp, whose `Reader` is the other end: little-endian, nothing aligned. */
import type { NativeRunSpec } from './addon.ts';

class Writer {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Makes room for `size` more bytes; returns where they begin. */
  #room(size: number): number {
    const start = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }

  byte(value: number): void {
    const at = this.#room(1); // may replace the view
    this.#view.setUint8(at, value);
  }
  int32(value: number): void {
    const at = this.#room(4); // may replace the view
    this.#view.setInt32(at, value, true);
  }
  float64(value: number): void {
    const at = this.#room(8); // may replace the view
    this.#view.setFloat64(at, value, true);
  }
  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.int32(bytes.length);
    const start = this.#room(bytes.length);
    this.#bytes.set(bytes, start);
  }
  /** The name of an entry and the letter of its kind. */
  entry(name: string, kind: string): void {
    this.text(name);
    this.byte(kind.charCodeAt(0));
  }
  /** All that was written. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writeGroups(writer: Writer, groups: readonly unknown[]): void {
  for (const group of groups) {
    if (!isObject(group)) throw new TypeError('groups must be an array of objects');
    const { lrFactor, ...overrides } = group;
    writer.entry('groups', 'g');
    writer.float64(typeof lrFactor === 'number' ? lrFactor : 1);
    writeSpec(writer, overrides);
  }
}

function writeValue(writer: Writer, name: string, value: unknown): void {
  if (name === 'base' && isObject(value)) {
    writer.entry(name, 'b');
    writeSpec(writer, value);
  } else if (typeof value === 'number') {
    writer.entry(name, 'n');
    writer.float64(value);
  } else if (typeof value === 'boolean') {
    writer.entry(name, 'f');
    writer.byte(value ? 1 : 0);
  } else if (typeof value === 'string') {
    writer.entry(name, 'w');
    writer.text(value);
  } else if (Array.isArray(value)) {
    writer.entry(name, 'l');
    writer.int32(value.length);
    for (const element of value) {
      if (typeof element !== 'number') throw new TypeError(`${name} must be an array of numbers`);
      writer.float64(element);
    }
  } else {
    throw new TypeError(`optimizer.${name} must be a number, boolean, string or array of numbers`);
  }
}

function writeSpec(writer: Writer, spec: Record<string, unknown>): void {
  const { kind, groups, ...rest } = spec;
  if (kind !== undefined && (typeof kind !== 'string' || kind === '')) {
    throw new TypeError('optimizer.kind must be a non-empty string');
  }
  const groupList = Array.isArray(groups) ? groups : [];
  const entries = Object.entries(rest).filter(([, value]) => value !== undefined && value !== null);
  writer.text(kind ?? '');
  writer.int32(entries.length + groupList.length);
  for (const [name, value] of entries) writeValue(writer, name, value);
  writeGroups(writer, groupList);
}

/** An optimizer's spec alone. */
export function encodeSpec(spec: object): Uint8Array {
  const writer = new Writer();
  writeSpec(writer, { ...spec });
  return writer.bytes();
}

/** An optimizer's spec, then its tensors: shapes and the parameter group of each. */
export function encodeSession(
  spec: object,
  shapes: readonly (readonly number[])[],
  groups: readonly number[],
): Uint8Array {
  const writer = new Writer();
  writeSpec(writer, { ...spec });
  writer.int32(shapes.length);
  for (const [index, shape] of shapes.entries()) {
    writer.int32(groups[index] ?? 0);
    writer.int32(shape.length);
    for (const size of shape) writer.float64(size);
  }
  return writer.bytes();
}

/** The fields of a run under the proxy's name, then its optimizer, then the one it switches to. */
export function encodeRun(spec: NativeRunSpec): Uint8Array {
  const { proxy, optimizer, switchTo, ...fields } = spec;
  const { averageWarmup, continueWhenNonFinite, ...numbers } = fields;
  const writer = new Writer();
  writeSpec(writer, {
    ...numbers,
    ...(averageWarmup ? { averageWarmup } : {}),
    ...(continueWhenNonFinite ? { continueWhenNonFinite } : {}),
    kind: proxy,
  });
  writeSpec(writer, { ...optimizer });
  if (switchTo) writeSpec(writer, { ...switchTo });
  return writer.bytes();
}
