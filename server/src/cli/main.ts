import { parseArgs } from 'node:util';
import pc from 'picocolors';
import type { Language } from '../text.ts';
import { version } from '../version.ts';
import { commands } from './commands.ts';
import { helpPage } from './help.ts';
import { type CliIo, isUsageError } from './io.ts';

/** Reads the options that every command shares, then hands over. Resolves to the exit code. */
export async function main(argv: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { color, uncolored } = takeColor(argv);
  const { lang, rest } = takeLanguage(uncolored, environment);
  const io: CliIo = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    color: color ?? pc.isColorSupported,
    lang,
    cwd: process.cwd(),
    isTTY: process.stderr.isTTY === true,
    width: process.stdout.columns ?? 80,
  };
  const [name = '', ...args] = rest;
  if (name === '--version' || name === '-v') {
    io.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === '' || name === 'help' || name === '--help' || name === '-h') {
    (name === '' ? io.stderr : io.stdout).write(helpPage(lang));
    return name === '' ? 2 : 0;
  }
  const command = commands[name];
  if (!command) {
    io.stderr.write(`trainlint: no command "${name}"\n\n${helpPage(lang)}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout.write(helpPage(lang, name));
    return 0;
  }
  try {
    return await (await command())(args, io);
  } catch (fault) {
    return explain(fault, name, io);
  }
}

/** Our own usage errors and `parseArgs`' are one line; anything else is our fault and says so. */
function explain(fault: unknown, name: string, io: CliIo): number {
  const message = fault instanceof Error ? fault.message : String(fault);
  io.stderr.write(
    isUsageError(fault)
      ? `trainlint ${name}: ${message}\n  trainlint ${name} --help\n`
      : `trainlint ${name}: internal error: ${fault instanceof Error ? (fault.stack ?? message) : message}\n`,
  );
  return 2;
}

function takeLanguage(argv: string[], environment: NodeJS.ProcessEnv): { lang: Language; rest: string[] } {
  const { tokens } = parseArgs({
    args: argv,
    options: { lang: { type: 'string' } },
    strict: false,
    tokens: true,
  });
  const said = tokens.findLast((token) => token.kind === 'option' && token.name === 'lang');
  const fromEnvironment = (environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '').slice(
    0,
    2,
  );
  if (said?.kind !== 'option') return { lang: fromEnvironment === 'ko' ? 'ko' : 'en', rest: argv };
  const rest = argv.toSpliced(said.index, said.inlineValue ? 1 : 2);
  return { lang: said.value === 'ko' ? 'ko' : 'en', rest };
}

/** `--color` and `--no-color`, the last of which counts, go before `NO_COLOR`, `FORCE_COLOR` and what the terminal is. */
function takeColor(argv: string[]): { color: boolean | undefined; uncolored: string[] } {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const isColor = (arg: string, index: number) => index < end && (arg === '--color' || arg === '--no-color');
  const said = argv.filter(isColor).at(-1);
  return {
    color: said === undefined ? undefined : said === '--color',
    uncolored: argv.filter((arg, index) => !isColor(arg, index)),
  };
}
