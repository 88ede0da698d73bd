import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';

/** The page around `dist/panel.js`: no inline script or style, nothing from the network. */
export function panelHtml(
  webview: vscode.Webview,
  script: vscode.Uri,
  style: vscode.Uri,
  language: string,
): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language.startsWith('ko') ? 'ko' : 'en'}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${webview.asWebviewUri(style)}">
<title>Trainlint</title>
</head>
<body>
<main id="run"></main>
<script nonce="${nonce}" src="${webview.asWebviewUri(script)}"></script>
</body>
</html>`;
}
