import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ownModelSnippet } from '../own-model/snippet.ts';
import { type CliIo, UsageError } from './io.ts';
import { openRun, runSelection } from './training/open-run.ts';

const options = { ...runSelection, output: { type: 'string', short: 'o' } } as const;

/** `trainlint snippet CONFIG`: the Python file that measures on the user's own model, on stdout or into a file. */
export async function snippetCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { name, run, file } = openRun(positionals, values, io);
  const { dialect } = file;
  const source = { fileName: name, dialect: dialect.id, framework: dialect.name };
  const snippet = ownModelSnippet(source, run, io.lang);
  if (values.output === undefined) {
    io.stdout.write(snippet.text);
    return 0;
  }
  const path = resolve(io.cwd, values.output);
  try {
    // Whoever has filled in an earlier one keeps it.
    writeFileSync(path, snippet.text, { flag: 'wx' });
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'EEXIST'
        ? `${values.output} exists; nothing was written`
        : `cannot write ${values.output}: ${code}`,
    );
  }
  io.stderr.write(
    io.lang === 'ko'
      ? `파일을 만들었습니다: ${values.output}. build()에서 "수정" 표시가 있는 곳을 채운 뒤 실행하세요.\n`
      : `wrote ${values.output}. Fill in build() where it says EDIT, then:\n`,
  );
  io.stderr.write(`  python ${values.output} > measured.txt\n  trainlint diagnose measured.txt\n`);
  return 0;
}
