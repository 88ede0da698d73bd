import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { commands } from '../../src/cli/commands.ts';
import { type CliIo, isUsageError } from '../../src/cli/io.ts';

/** Tests leave the user's cache alone. */
process.env.TRAINLINT_CACHE = 'off';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of files that goes away with {@link remove}. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'trainlint-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), text);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs a command in-process as the command line would. */
export async function trainlint(
  folder: Folder,
  argv: readonly string[],
  { lang = 'en', stdin = '' }: { lang?: 'en' | 'ko'; stdin?: string } = {},
): Promise<Outcome> {
  const out = collector();
  const err = collector();
  const [name = '', ...args] = argv;
  const io: CliIo = {
    stdout: out.stream,
    stderr: err.stream,
    stdin: Readable.from([Buffer.from(stdin)]),
    color: false,
    lang,
    cwd: folder.path,
    isTTY: false,
    width: 100,
  };
  const load = commands[name];
  if (!load) throw new Error(`no command ${name}`);
  let code = 2;
  try {
    code = await (await load())(args, io);
  } catch (fault) {
    if (!isUsageError(fault)) throw fault;
    err.stream.write(fault.message);
  }
  return { code, stdout: out.text(), stderr: err.text() };
}

function collector(): { stream: Writable; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
