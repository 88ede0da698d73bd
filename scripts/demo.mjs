/**
 * `npm start`: the whole of Trainlint on one small config. Lints it, trains a proxy with its settings, trains the
 * fixes beside it, and shows the lines that would change. The file itself is left as it is.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const example = 'examples/bert-finetune.yaml';
const korean = (process.env.LC_ALL || process.env.LANG || '').startsWith('ko');
const bold = (text) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[0m` : text);

function step(title, ...args) {
  process.stdout.write(`\n${bold(`$ npx trainlint ${args.join(' ')}`)}\n${title}\n\n`);
  const cli = join(root, 'server', 'bin', 'trainlint.mjs');
  const { status, error } = spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: 'inherit' });
  // 1 means "found something", which is the point of a demonstration.
  if (error || status === null || status > 1) {
    process.stderr.write(`${error?.message ?? `trainlint ${args[0]} ended with ${status}`}\n`);
    process.exit(2);
  }
}

const say = korean
  ? {
      lint: '설정 파일에서 무엇이 잘못되었는지 봅니다.',
      run: '이 설정 그대로 작은 대리 모델을 학습하고, 수정안도 나란히 학습해 봅니다.',
      diff: '수정안을 모두 적용하면 이렇게 바뀝니다 (파일은 그대로 둡니다).',
      next: '이제 여러분의 설정으로: npx trainlint lint path/to/train.yaml',
    }
  : {
      lint: 'What is wrong with this config?',
      run: 'Is it real? A small proxy trains with exactly these settings, and each fix beside it.',
      diff: 'What would change with every fix applied (the file stays as it is).',
      next: 'Now your own: npx trainlint lint path/to/train.yaml',
    };

step(say.lint, 'lint', example);
step(say.run, 'run', example, '--verify-fixes');
step(say.diff, 'lint', example, '--fix', '--unsafe-fixes', '--diff');
process.stdout.write(`\n${bold(say.next)}\n`);
