import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { MetricSeries } from '../metric-series.ts';
import { maskedCrc32c } from './crc32c.ts';
import { type LogRow, seriesFromRows } from './rows.ts';

/** A record's length and its checksum, and the checksum after the data: the TFRecord framing. */
const headerBytes = 12;
const footerBytes = 4;

/**
 * A TensorBoard event file (`events.out.tfevents.*`): TFRecord frames of `tensorflow.Event` messages. Scalars are read
 * as `simple_value` (PyTorch, TF1) or as a scalar tensor (TF2). A last record that was cut off is dropped, as
 * TensorBoard does. Throws on a wrong checksum.
 */
export function readEventFile(bytes: Uint8Array): MetricSeries | undefined {
  return readEventFiles([{ bytes, group: '' }]);
}

/** An event file and the folder below the run's that it lies in: Keras writes `train/` and `validation/`, or empty. */
export interface EventFile {
  readonly bytes: Uint8Array;
  readonly group: string;
}

/**
 * The event files of one run as one log: a run that was resumed writes one more each time; the later value counts. One
 * that begins where an earlier file of its folder began is another run, and the earlier ones are forgotten.
 */
export function readEventFiles(files: readonly EventFile[]): MetricSeries | undefined {
  const read = files.map(({ bytes, group }) => ({ group, found: [...records(bytes)].flatMap(scalars) }));
  const byStep = new Map<number, Record<string, number>>();
  read.forEach(({ group, found }, index) => {
    const later = read.slice(index + 1).filter((other) => other.group === group);
    if (later.some((other) => beginsAnew(other.found, found))) return;
    for (const { step, tag, value } of found) {
      const row = byStep.get(step) ?? {};
      row[group === '' ? tag : `${group}/${tag}`] = value;
      byStep.set(step, row);
    }
  });
  const rows: LogRow[] = [...byStep].map(([step, row]) => ({ ...row, step }));
  return seriesFromRows(rows);
}

/** With fewer values of a tag a file is the start of a run that failed, or an evaluation after one. */
const fewestOfRun = 3;

/** Whether `later` holds a tag of `earlier` from the same first step on. */
function beginsAnew(later: readonly Scalar[], earlier: readonly Scalar[]): boolean {
  const first = (scalars: readonly Scalar[]) => {
    const steps = new Map<string, number>();
    for (const { tag, step } of scalars) steps.set(tag, Math.min(step, steps.get(tag) ?? step));
    return steps;
  };
  const before = first(earlier);
  return [...first(later)].some(
    ([tag, step]) =>
      step <= (before.get(tag) ?? Number.NEGATIVE_INFINITY) &&
      later.filter((scalar) => scalar.tag === tag).length >= fewestOfRun,
  );
}

/** Whether the bytes begin as a TFRecord file does: a small length with its own checksum. */
export function isEventFile(bytes: Uint8Array): boolean {
  if (bytes.length < headerBytes) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(4, true) === 0 && view.getUint32(8, true) === maskedCrc32c(bytes.subarray(0, 8));
}

function* records(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + headerBytes <= bytes.length) {
    const length = Number(view.getBigUint64(at, true));
    if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes.subarray(at, at + 8)))
      throw new Error(`the record at byte ${at} has a wrong checksum`);
    const start = at + headerBytes;
    const end = start + length;
    if (end + footerBytes > bytes.length) return;
    const data = bytes.subarray(start, end);
    if (view.getUint32(end, true) !== maskedCrc32c(data))
      throw new Error(`the record at byte ${at} has a wrong checksum`);
    yield data;
    at = end + footerBytes;
  }
}

interface Scalar {
  readonly step: number;
  readonly tag: string;
  readonly value: number;
}

/** `tensorflow.Event`: step = 2, summary = 5; `Summary`: value = 1; `Value`: tag = 1, simple_value = 2, tensor = 8. */
function scalars(event: Uint8Array): Scalar[] {
  let step = 0;
  const values: { tag: string; value: number }[] = [];
  eachField(event, {
    2: (reader) => {
      step = Number(reader.int64());
    },
    5: (reader) => {
      eachField(reader.bytes(), {
        1: (summary) => {
          let tag = '';
          let value: number | undefined;
          eachField(summary.bytes(), {
            1: (field) => {
              tag = field.string();
            },
            2: (field) => {
              value = field.float();
            },
            8: (field) => {
              value = tensorValue(field.bytes()) ?? value;
            },
          });
          if (value !== undefined) values.push({ tag, value });
        },
      });
    },
  });
  return values.map(({ tag, value }) => ({ step, tag, value }));
}

const floatType = 1;
const doubleType = 2;

/** `TensorProto`: dtype = 1, tensor_shape = 2, tensor_content = 4, float_val = 5, double_val = 6. Undefined unless a float scalar. */
function tensorValue(tensor: Uint8Array): number | undefined {
  let type = 0;
  let dimensions = 0;
  let content: Uint8Array | undefined;
  let value: number | undefined;
  eachField(tensor, {
    1: (reader) => {
      type = reader.int32();
    },
    2: (reader) => {
      eachField(reader.bytes(), {
        2: (shape) => {
          shape.bytes();
          dimensions++;
        },
      });
    },
    4: (reader) => {
      content = reader.bytes();
    },
    5: (reader, wire) => {
      value = wire === WireType.LengthDelimited ? floatAt(reader.bytes(), 4) : reader.float();
    },
    6: (reader, wire) => {
      value = wire === WireType.LengthDelimited ? floatAt(reader.bytes(), 8) : reader.double();
    },
  });
  if (dimensions > 0 || (type !== floatType && type !== doubleType)) return undefined;
  return value ?? (content && floatAt(content, type === floatType ? 4 : 8));
}

function floatAt(bytes: Uint8Array, size: 4 | 8): number | undefined {
  if (bytes.length < size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

/** Calls a handler for each field it has one for, and skips the others. A handler must read its field. */
function eachField(
  message: Uint8Array,
  handlers: Readonly<Record<number, (reader: BinaryReader, wire: WireType) => void>>,
): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const handler = handlers[field];
    if (handler) handler(reader, wire);
    else reader.skip(wire, field);
  }
}
