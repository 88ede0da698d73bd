import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The stand-in's window (scripts/vscode-test/window.mjs); a desktop VS Code offers none. */
const address = process.env.TRAINLINT_WINDOW;
const screenshots = process.env.TRAINLINT_SCREENSHOTS;

const hasWindow = address !== undefined;

/** A test, or a group of them, that drives the window: there where a window can be driven, and nowhere else. */
export function inWindow(name: string, test: () => Promise<void>): void {
  if (hasWindow) it(name, test);
}

export function allInWindow(name: string, tests: () => void): void {
  if (hasWindow) describe(name, tests);
}

type Frame = { readonly frame?: 'webview' };

export async function act<T>(order: Record<string, unknown> & { readonly do: string }): Promise<T> {
  if (address === undefined) throw new Error('no window to look at');
  const response = await fetch(address, { method: 'POST', body: JSON.stringify(order) });
  const { result, error } = (await response.json()) as { result: T; error?: string };
  if (error) throw new Error(`${JSON.stringify(order)}: ${error}`);
  return result;
}

export const look = {
  text: (selector: string, where: Frame = {}) => act<string>({ do: 'text', selector, ...where }),
  count: (selector: string, where: Frame = {}) => act<number>({ do: 'count', selector, ...where }),
  attribute: (selector: string, name: string, where: Frame = {}) =>
    act<string | null>({ do: 'attribute', selector, name, ...where }),
  wait: (selector: string, where: Frame = {}) => act<void>({ do: 'wait', selector, ...where }),
  click: (selector: string, where: Frame = {}) => act<void>({ do: 'click', selector, ...where }),
  hover: (selector: string, where: Frame = {}) => act<void>({ do: 'hover', selector, ...where }),
  focus: (selector: string, where: Frame = {}) => act<void>({ do: 'focus', selector, ...where }),
  press: (key: string) => act<void>({ do: 'press', key }),
  resize: (width: number, height: number) => act<void>({ do: 'resize', width, height }),
};

/** Takes a picture for people to look at, where there is a window and somebody wants pictures. */
export async function screenshot(name: string, selector?: string): Promise<void> {
  if (!hasWindow || !screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await act({ do: 'screenshot', file: join(screenshots, `${name}.png`), ...(selector ? { selector } : {}) });
}
