import type { Language } from '../text.ts';

interface CommandHelp {
  readonly usage: string;
  readonly en: string;
  readonly ko: string;
  readonly options?: readonly (readonly [option: string, en: string, ko: string])[];
}

const help: Readonly<Record<string, CommandHelp>> = {
  lint: {
    usage: 'lint [PATH…]',
    en: 'Lint files and folders (default: this folder).',
    ko: '파일과 폴더를 검사합니다 (기본값: 현재 폴더).',
    options: [
      ['--format pretty|json|sarif|github', 'form of the result', '출력 형식'],
      ['--fix', 'apply the safe fixes', '안전한 수정만 적용'],
      ['--unsafe-fixes', 'with --fix: values from the tables too', '--fix와 함께: 표의 권장값도 적용'],
      ['--diff', 'show what --fix would write, write nothing', '쓰지 않고 바뀔 내용만 표시'],
      [
        '--stdin-filename F',
        'read the text from standard input under this name',
        '표준 입력을 이 이름의 파일로 읽음',
      ],
      ['--dialect D', 'take every file for this framework', '모든 파일을 이 프레임워크로 읽음'],
      [
        '--rule ID=LEVEL',
        'error, warning, information, hint or off; repeatable',
        '규칙별 심각도 (여러 번 가능)',
      ],
      ['--max-warnings N', 'more warnings than N fail', '경고가 N개를 넘으면 실패'],
      [
        '--baseline F',
        'report only what F does not list; F is written when absent',
        'F에 없는 진단만 보고, F가 없으면 새로 만듦',
      ],
      [
        '--statistics',
        'counts, and which rules could not run and why',
        '규칙별 통계와 실행하지 못한 규칙의 이유',
      ],
      ['--lang en|ko', 'language of the messages', '메시지 언어'],
    ],
  },
  resolve: {
    usage: 'resolve FILE',
    en: 'Print as JSON what Trainlint understood of a file.',
    ko: 'Trainlint가 파일을 어떻게 이해했는지 JSON으로 출력합니다.',
    options: [['--dialect D', 'take the file for this framework', '이 프레임워크로 읽음']],
  },
  run: {
    usage: 'run CONFIG',
    en: "Train a small proxy with this config's settings.",
    ko: '이 설정으로 작은 대리 모델을 학습해 봅니다.',
    options: [
      ['--steps N', 'optimizer steps', '옵티마이저 스텝 수'],
      ['--seed S', 'seed of data and weights', '데이터와 가중치의 시드'],
      ['--seeds K', 'seeds the verdict rests on (3)', '판정에 쓰는 시드 수 (3)'],
      [
        '--run R',
        'which run of a file with several, by label or number',
        '여러 학습이 든 파일에서 고를 학습 (이름 또는 번호)',
      ],
      ['--proxy A', 'proxy to train instead of the inferred one', '추론된 것 대신 쓸 대리 모델'],
      ['--verify-fixes', 'train each proposed fix too', '제안된 수정도 각각 학습'],
      ['--format pretty|jsonl', 'form of the result', '출력 형식'],
    ],
  },
  sweep: {
    usage: 'sweep CONFIG',
    en: 'Learning-rate range test over the proxy.',
    ko: '대리 모델로 학습률 범위 시험을 합니다.',
    options: [
      ['--lr MIN:MAX:N', 'range and number of rates', '범위와 개수'],
      ['--seeds K', 'runs per rate', '학습률마다의 반복 수'],
      ['--shard I/N', 'the I-th of N shares of the work', 'N개로 나눈 작업 중 I번째'],
      ['--format pretty|json', 'form of the result', '출력 형식'],
    ],
  },
  compare: {
    usage: 'compare CONFIG --optimizers a,b,c',
    en: 'The same proxy under several optimizers.',
    ko: '같은 대리 모델을 여러 옵티마이저로 학습해 비교합니다.',
  },
  switch: {
    usage: 'switch CONFIG',
    en: 'Try a switch from Adam to SGD in mid-run on the proxy.',
    ko: '학습 도중 Adam에서 SGD로 전환하면 어떤지 대리 모델로 시험합니다.',
    options: [
      [
        '--at SHARE',
        'switch after this share of the run, as in 0.6 (default: where the validation loss stalls)',
        '전환 시점을 전체에 대한 비율로 지정, 예: 0.6 (기본값: 검증 손실이 정체되는 때)',
      ],
      ['--seeds K', 'seeds to compare on (3)', '비교에 쓰는 시드 수 (3)'],
      ['--seed S', 'first seed', '첫 시드'],
      ['--steps N', 'optimizer steps', '옵티마이저 스텝 수'],
      ['--proxy A', 'proxy to train instead of the inferred one', '추론된 것 대신 쓸 대리 모델'],
      ['--format pretty|json', 'form of the result', '출력 형식'],
    ],
  },
  diagnose: {
    usage: 'diagnose LOG…',
    en: 'Find symptoms in the log of a real training, or read back what a snippet measured.',
    ko: '실제 학습 로그에서 증상을 찾거나, snippet으로 측정한 결과를 읽습니다.',
    options: [
      [
        '--config FILE',
        'show the line of this config that causes them, and what to write; without LOG its newest log is taken',
        '이 설정에서 원인이 되는 줄과 고칠 값을 표시, LOG를 생략하면 가장 최근 로그를 사용',
      ],
      [
        '--run R',
        'which run of a config with several, by label or number',
        '여러 학습이 든 설정에서 고를 학습 (이름 또는 번호)',
      ],
      ['--dialect D', 'take the config for this framework', '설정을 이 프레임워크로 읽음'],
      ['--format pretty|json', 'form of the result', '출력 형식'],
    ],
  },
  snippet: {
    usage: 'snippet CONFIG',
    en: 'Write a Python script that measures the critical learning rate on your own model.',
    ko: '실제 모델에서 임계 학습률 등을 측정하는 Python 스크립트를 만듭니다.',
    options: [
      ['-o, --output F', 'write it to F, which must not exist yet', 'F에 저장 (이미 있으면 쓰지 않음)'],
      [
        '--run R',
        'which run of a file with several, by label or number',
        '여러 학습이 든 파일에서 고를 학습 (이름 또는 번호)',
      ],
      ['--dialect D', 'take the file for this framework', '이 프레임워크로 읽음'],
      ['--lang en|ko', 'language of its comments and its table', '주석과 출력의 언어'],
    ],
  },
  rules: { usage: 'rules [--format json]', en: 'List every rule.', ko: '모든 규칙을 나열합니다.' },
  rule: { usage: 'rule ID', en: "Print one rule's page.", ko: '규칙 하나의 문서를 출력합니다.' },
  tables: {
    usage: 'tables',
    en: 'Print the knowledge tables as JSON.',
    ko: '지식 표를 JSON으로 출력합니다.',
  },
  lsp: {
    usage: 'lsp --stdio',
    en: 'Language server for any editor.',
    ko: '편집기용 언어 서버를 실행합니다.',
  },
};

/** The overview, or the page of one command. */
export function helpPage(lang: Language, command?: string): string {
  const one = command === undefined ? undefined : help[command];
  if (one) {
    const width = Math.max(0, ...(one.options ?? []).map(([option]) => option.length));
    const lines = (one.options ?? []).map(
      ([option, en, ko]) => `  ${option.padEnd(width)}  ${lang === 'ko' ? ko : en}\n`,
    );
    return `trainlint ${one.usage}\n  ${one[lang]}\n${lines.length ? `\n${lines.join('')}` : ''}`;
  }
  const width = Math.max(...Object.values(help).map(({ usage }) => usage.length));
  const lines = Object.values(help).map((entry) => `  ${entry.usage.padEnd(width)}  ${entry[lang]}\n`);
  const foot =
    lang === 'ko'
      ? '\n종료 코드: 0 오류 없음 · 1 오류 발견 · 2 잘못된 사용법 또는 내부 오류\n명령별 옵션: trainlint COMMAND --help\n'
      : '\nExit codes: 0 no error found · 1 errors found · 2 wrong usage or an internal fault\nOptions of a command: trainlint COMMAND --help\n';
  const shared =
    lang === 'ko'
      ? '\n모든 명령에 쓰는 옵션:\n  --lang en|ko           메시지 언어 (기본값: LANG)\n  --color, --no-color    색을 쓰거나 쓰지 않음 (NO_COLOR와 FORCE_COLOR보다 우선)\n'
      : '\nOptions of every command:\n  --lang en|ko           language of the messages (default: LANG)\n  --color, --no-color    with or without colours (before NO_COLOR and FORCE_COLOR)\n';
  return `trainlint COMMAND [OPTIONS]\n\n${lines.join('')}${shared}${foot}`;
}
