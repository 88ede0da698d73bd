/**
 * Lets tests inside the extension host see and touch the window they run in, over HTTP on the loopback interface:
 * the extension API has no view of what is drawn. Only the stand-in offers it; tests skip nothing without it but
 * the looking.
 *
 *   POST /  {"do":"screenshot","file":"/abs/x.png","selector"?}
 *           {"do":"text"|"click"|"hover"|"wait","selector", "frame"?: "webview"}
 *           {"do":"press","key":"Escape"} · {"do":"resize","width","height"} · {"do":"theme"…} by settings instead
 */
import { createServer } from 'node:http';

const patience = 15_000;

function scope(page, frame) {
  return frame === 'webview' ? page.frameLocator('iframe.webview.ready').frameLocator('#active-frame') : page;
}

const actions = {
  async screenshot(page, { file, selector }) {
    const target = selector ? page.locator(selector).first() : page;
    await target.screenshot({ path: file });
    return file;
  },
  text: (page, { selector, frame }) =>
    scope(page, frame).locator(selector).first().textContent({ timeout: patience }),
  count: (page, { selector, frame }) => scope(page, frame).locator(selector).count(),
  attribute: (page, { selector, frame, name }) =>
    scope(page, frame).locator(selector).first().getAttribute(name, { timeout: patience }),
  click: (page, { selector, frame }) =>
    scope(page, frame).locator(selector).first().click({ timeout: patience }),
  hover: (page, { selector, frame }) =>
    scope(page, frame).locator(selector).first().hover({ timeout: patience }),
  focus: (page, { selector, frame }) =>
    scope(page, frame).locator(selector).first().focus({ timeout: patience }),
  wait: (page, { selector, frame }) =>
    scope(page, frame).locator(selector).first().waitFor({ timeout: patience }),
  press: (page, { key }) => page.keyboard.press(key),
  resize: (page, { width, height }) => page.setViewportSize({ width, height }),
};

async function readBody(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return JSON.parse(body);
}

/** Serves the page that `current` returns; resolves to its address and a way to stop. */
export function serveWindow(current) {
  const server = createServer(async (request, response) => {
    try {
      const order = await readBody(request);
      const action = actions[order.do];
      const page = current();
      if (!action || !page) throw new Error(`cannot do ${order.do}`);
      const result = await action(page, order);
      response.writeHead(200).end(JSON.stringify({ result: result ?? null }));
    } catch (error) {
      response.writeHead(500).end(JSON.stringify({ error: String(error) }));
    }
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      done({ url: `http://127.0.0.1:${port}`, close: () => server.close() });
    });
  });
}
