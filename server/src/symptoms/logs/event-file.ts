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

/** The event files of one run as one log: a run that was resumed writes one more each time; the later value counts. */
export function readEventFiles(files: readonly EventFile[]): MetricSeries | undefined {
  const byStep = new Map<number, Record<string, number>>();
  for (const { bytes, group } of files)
    for (const data of records(bytes))
      for (const { step, tag, value } of scalars(data)) {
        const row = byStep.get(step) ?? {};
        row[group === '' ? tag : `${group}/${tag}`] = value;
        byStep.set(step, row);
      }
  const rows: LogRow[] = [...byStep].map(([step, row]) => ({ ...row, step }));
  return seriesFromRows(rows);
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
