import pc from 'picocolors';
import type { CliIo } from '../io.ts';

export interface ProgressLine {
  /** Share in [0, 1] and what is going on. */
  update(share: number, words: string): void;
  /** Takes the line away. */
  end(): void;
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar that redraws itself on stderr; nothing at all where stderr is no terminal. */
export function progressLine(io: CliIo): ProgressLine {
  if (!io.isTTY) return { update: () => {}, end: () => {} };
  const colors = pc.createColors(io.color);
  const width = Math.max(10, Math.min(40, (io.width ?? 80) - 40));
  return {
    update(share, words) {
      const filled = Math.min(1, Math.max(0, share)) * width;
      const whole = Math.floor(filled);
      const part = eighths[Math.floor((filled - whole) * 8)] ?? '';
      const bar = ('█'.repeat(whole) + part).padEnd(width, '░');
      io.stderr.write(
        `\r\u001b[2K${colors.cyan(bar)} ${String(Math.round(share * 100)).padStart(3)}% ${words}`,
      );
    },
    end() {
      io.stderr.write('\r\u001b[2K');
    },
  };
}
