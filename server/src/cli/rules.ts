import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { rulePage } from '../rules/page.ts';
import { ruleById, rules } from '../rules/registry.ts';
import { type CliIo, UsageError } from './io.ts';

/** `trainlint rules`: one line a rule, or all metadata as JSON. */
export async function rulesCommand(args: string[], io: CliIo): Promise<number> {
  const { values } = parseArgs({ args, options: { format: { type: 'string', default: 'pretty' } } });
  if (values.format === 'json') {
    io.stdout.write(
      `${JSON.stringify(
        rules.map(({ scope, meta }) => ({ ...meta, scope })),
        null,
        2,
      )}\n`,
    );
    return 0;
  }
  if (values.format !== 'pretty') throw new UsageError(`--format ${values.format}: expected pretty, json`);
  const { bold, dim } = pc.createColors(io.color);
  const width = Math.max(...rules.map(({ meta }) => meta.id.length));
  for (const { meta } of rules) {
    const fix = meta.fix === 'none' ? '' : dim(` [${meta.fix === 'safe' ? 'fix' : 'unsafe fix'}]`);
    io.stdout.write(
      `${bold(meta.id.padEnd(width))}  ${meta.severity.padEnd(11)}  ${meta.what[io.lang]}${fix}\n`,
    );
  }
  return 0;
}

/** `trainlint rule ID`: the rule's page. */
export async function ruleCommand(args: string[], io: CliIo): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [id, more] = positionals;
  if (id === undefined || more !== undefined) throw new UsageError('expected one rule id');
  const rule = ruleById(id);
  if (!rule) throw new UsageError(`there is no rule "${id}"; trainlint rules lists them`);
  io.stdout.write(rulePage(rule, io.lang));
  return 0;
}
