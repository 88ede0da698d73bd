import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Weights that runs of a proxy begin from, kept from process to process. Reading and writing never throw. */
export interface WarmStartCache {
  get(proxy: string): Float32Array | undefined;
  put(proxy: string, weights: Float32Array): void;
}

const suffix = '.weights';
/** Files that are kept, some 110 KB each: one for each build of the kernels. */
const capacity = 6;
const digestBytes = 32;

/**
 * One file a proxy and build of the kernels, which computes the same weights on every machine. A digest of the rest
 * comes first, so that a torn or edited file is never believed.
 */
export function warmStartCache(folder: string, build: string): WarmStartCache {
  const fileOf = (proxy: string) =>
    join(
      folder,
      `${digest(Buffer.from(`${build}\n${proxy}`))
        .toString('hex')
        .slice(0, 40)}${suffix}`,
    );
  return {
    get(proxy) {
      try {
        const bytes = readFileSync(fileOf(proxy));
        const body = bytes.subarray(digestBytes);
        if (body.length % 4 !== 0 || !digest(body).equals(bytes.subarray(0, digestBytes))) return undefined;
        return new Float32Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length));
      } catch {
        return undefined;
      }
    },
    put(proxy, weights) {
      const body = Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength);
      try {
        mkdirSync(folder, { recursive: true });
        const draft = join(folder, `${randomUUID()}.tmp`);
        writeFileSync(draft, Buffer.concat([digest(body), body]));
        renameSync(draft, fileOf(proxy));
        prune(folder);
      } catch {
        // A full disk or a folder of somebody else: the next process computes them again.
      }
    },
  };
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function prune(folder: string): void {
  const aged = readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { name } of aged.slice(capacity)) rmSync(join(folder, name), { force: true });
}
