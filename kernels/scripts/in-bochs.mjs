// Runs a program of this machine (linux-x64) on an emulated one that has AVX-512, in this folder:
//   node scripts/in-bochs.mjs [--cpu=corei7_skylake_x] [--clearcpuid=304] [--memory=1024] program [argument ...]
// Bochs boots a Linux kernel whose root file system holds the program, its libraries, this folder and the files that
// arguments name; in-bochs-init.cpp starts the program there. TRAINLINT_* of the environment go with it. --cpu takes a
// model of `bochs --help cpu`, --clearcpuid what the kernel shall believe the processor not to have (304 is AVX-512F).
// Booting takes half a minute, and then a program runs some hundred times slower than here.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NAME = 'in-bochs';
const PACKAGES = 'bochs bochs-term bochsbios isolinux syslinux-common xorriso cpio g++';
const FILES = [
  '/usr/share/bochs/BIOS-bochs-latest',
  '/usr/share/bochs/VGABIOS-lgpl-latest',
  '/usr/lib/ISOLINUX/isolinux.bin',
  '/usr/lib/syslinux/modules/bios/ldlinux.c32',
];
const [BIOS, VGA_BIOS, ISOLINUX, LDLINUX] = FILES;
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'trainlint');

const first = process.argv.findIndex((word, index) => index > 1 && !word.startsWith('--'));
const [program, ...args] = first < 0 ? [] : process.argv.slice(first);
const options = Object.fromEntries(
  process.argv.slice(2, first < 0 ? undefined : first).map((word) => word.slice(2).split('=')),
);
const { cpu = 'corei7_skylake_x', clearcpuid, memory = '1024' } = options;

function stop(message) {
  console.error(`${NAME}: ${message}`);
  process.exit(2);
}

function run(command, words, settings = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...settings,
  });
  if (error?.code === 'ENOENT')
    stop(`${command} is not installed (Debian, Ubuntu: "apt install ${PACKAGES}")`);
  if (status !== 0) stop(`${command} ${words.join(' ')} failed\n${stderr ?? ''}${error ?? ''}`);
  return stdout;
}

/** The newest kernel that can be read; Ubuntu lets only root read its own. */
function findKernel() {
  const named = process.env.TRAINLINT_KERNEL_IMAGE;
  const installed = ['/boot', CACHE].flatMap((folder) =>
    (fs.existsSync(folder) ? fs.readdirSync(folder) : [])
      .filter((name) => name.startsWith('vmlinuz-'))
      .map((name) => path.join(folder, name)),
  );
  const readable = (named ? [named] : installed).filter((file) => {
    try {
      fs.accessSync(file, fs.constants.R_OK);
      return true;
    } catch {
      return false;
    }
  });
  return (
    readable.sort().at(-1) ??
    stop(
      'no Linux kernel to boot. Name a bzImage in TRAINLINT_KERNEL_IMAGE or lay one down as ' +
        `${CACHE}/vmlinuz-... (Debian: "apt-get download" the package linux-image-...-cloud-amd64 that ` +
        '"apt-cache depends linux-image-cloud-amd64" names, then "dpkg -x", then its boot/vmlinuz-...)',
    )
  );
}

/** What the program needs there, under the paths it has here. */
function filesOf(executable) {
  const { stdout } = spawnSync('ldd', [executable], { encoding: 'utf8' });
  const libraries = [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].map(([, file]) => file);
  const named = args.filter((word) => path.isAbsolute(word) && fs.existsSync(word));
  const folder = (top) =>
    fs
      .readdirSync(top, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(entry.parentPath, entry.name));
  return [executable, ...libraries, ...named, ...folder(process.cwd())];
}

/** Files and the folders they lie in as an archive that the kernel unpacks into its first file system. */
function archive(root, files) {
  const folders = new Set();
  for (const file of files)
    for (let at = path.dirname(file); at !== root; at = path.dirname(at)) folders.add(at);
  const list = [...[...folders].sort(), ...new Set(files)].map((file) => path.relative(root, file));
  return run('cpio', ['--create', '--format=newc', '--dereference', '--quiet'], {
    cwd: root,
    input: Buffer.from(list.join('\n')),
    encoding: 'buffer',
    maxBuffer: 2 ** 31 - 1,
  });
}

/** What the program wrote, and its exit status, from the pieces that in-bochs-init.cpp sent. */
function received(file) {
  const bytes = fs.existsSync(file) ? fs.readFileSync(file) : Buffer.alloc(0);
  const streams = { o: [], e: [] };
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at);
    const kind = String.fromCharCode(bytes[at]);
    const number = Number(bytes.toString('latin1', at + 1, end));
    if (kind === 'x') return { ...streams, status: number };
    streams[kind].push(bytes.subarray(end + 1, end + 1 + number));
    at = end + 1 + number;
  }
  return streams;
}

if (!program || `${process.platform}-${process.arch}` !== 'linux-x64')
  stop(
    'usage, on linux-x64: node scripts/in-bochs.mjs [--cpu=...] [--clearcpuid=...] program [argument ...]',
  );
for (const file of FILES)
  if (!fs.existsSync(file)) stop(`${file} is missing (Debian, Ubuntu: "apt install ${PACKAGES}")`);
const kernel = findKernel();
const executable = program.includes('/') ? path.resolve(program) : run('which', [program]).trim();

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainlint-bochs-'));
const at = (...names) => path.join(folder, ...names);
fs.mkdirSync(at('iso'));
fs.mkdirSync(at('root'));
run(process.env.CXX ?? 'g++', [
  '-O2',
  '-static',
  path.join(import.meta.dirname, 'in-bochs-init.cpp'),
  '-o',
  at('root', 'init'),
]);
const variables = Object.entries(process.env).filter(([name]) => /^(TRAINLINT_|NO_COLOR$)/.test(name));
const command = [process.cwd(), ...variables.map((pair) => pair.join('=')), '', executable, ...args];
fs.writeFileSync(at('root', 'command'), command.map((word) => `${word}\0`).join(''));
fs.writeFileSync(
  at('iso', 'initrd'),
  Buffer.concat([
    archive('/', filesOf(executable)),
    archive(at('root'), [at('root', 'init'), at('root', 'command')]),
  ]),
);
fs.copyFileSync(kernel, at('iso', 'vmlinuz'));
fs.copyFileSync(ISOLINUX, at('iso', 'isolinux.bin'));
fs.copyFileSync(LDLINUX, at('iso', 'ldlinux.c32'));
// Bochs 2.7 gives the layout of registers saved by XSAVEC and XSAVES another size than the kernel reckons, which then
// saves no vector registers at all: without these two (321, 323) it takes XSAVE.
const cleared = ['321', '323', ...(clearcpuid ? [clearcpuid] : [])].join(',');
const kernelOptions = `console=ttyS0 mitigations=off random.trust_cpu=on panic=-1 reboot=t clearcpuid=${cleared}`;
fs.writeFileSync(
  at('iso', 'isolinux.cfg'),
  `DEFAULT linux\nLABEL linux\n KERNEL vmlinuz\n INITRD initrd\n APPEND ${kernelOptions}\n`,
);
run('xorriso', [
  ...['-as', 'mkisofs', '-quiet', '-o', at('boot.iso'), '-b', 'isolinux.bin'],
  ...['-no-emul-boot', '-boot-load-size', '4', '-boot-info-table', at('iso')],
]);
fs.rmSync(at('iso'), { recursive: true });
fs.writeFileSync(
  at('bochsrc'),
  [
    'config_interface: textconfig',
    'display_library: term',
    'vga: extension=vbe, update_freq=1, realtime=0',
    // Shutting down in the guest, and a kernel that gives up (a triple fault), end Bochs.
    `cpu: model=${cpu}, ips=100000000, reset_on_triple_fault=0`,
    'panic: action=fatal',
    'error: action=report',
    'info: action=ignore',
    'debug: action=ignore',
    'clock: sync=none',
    `memory: guest=${memory}, host=${memory}`,
    `romimage: file=${BIOS}`,
    `vgaromimage: file=${VGA_BIOS}`,
    `ata0-master: type=cdrom, path=${at('boot.iso')}, status=inserted`,
    'boot: cdrom',
    `com1: enabled=1, mode=file, dev=${at('kernel.txt')}`,
    `com2: enabled=1, mode=file, dev=${at('program.txt')}`,
    `log: ${at('bochs.log')}`,
    '',
  ].join('\n'),
);
// Debian's Bochs has its debugger built in, which waits for this word.
fs.writeFileSync(at('debugger'), 'c\n');
// The screen is a terminal that nobody reads: what a dumb one is sent never fills it, on another Bochs would soon wait.
const screen = fs.openSync(at('screen.txt'), 'w');
const { error } = spawnSync('bochs', ['-q', '-f', at('bochsrc'), '-rc', at('debugger')], {
  cwd: folder,
  env: { ...process.env, TERM: 'dumb' },
  stdio: ['ignore', screen, screen],
});
if (error) stop(`bochs could not be started (Debian, Ubuntu: "apt install ${PACKAGES}")\n${error}`);
const { o, e, status } = received(at('program.txt'));
process.stdout.write(Buffer.concat(o));
process.stderr.write(Buffer.concat(e));
if (status === undefined)
  stop(`the machine stopped before the program ended: see kernel.txt, bochs.log and screen.txt in ${folder}`);
fs.rmSync(folder, { recursive: true });
process.exitCode = status;
