import { allTables } from '../knowledge/index.ts';
import type { CliIo } from './io.ts';

/** `trainlint tables`: every knowledge table as one JSON object. */
export async function tablesCommand(_args: string[], io: CliIo): Promise<number> {
  io.stdout.write(`${JSON.stringify(allTables(), null, 2)}\n`);
  return 0;
}
