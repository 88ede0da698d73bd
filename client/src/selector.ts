import type { DocumentSelector } from 'vscode-languageclient/node';

/** Files on disk, unsaved ones, and those of virtual workspaces; not diffs, logs or output. */
const schemes = ['file', 'untitled', 'vscode-vfs'];
const languages = ['yaml', 'json', 'jsonc', 'toml'];
/** Editors know no TOML of their own, and `.yaml` files may be claimed by other languages. */
const pattern = '**/*.{yaml,yml,json,jsonc,toml}';

/** What might be a training config; whether it is one, the server decides. */
export const documentSelector: DocumentSelector = schemes.flatMap((scheme) => [
  ...languages.map((language) => ({ scheme, language })),
  { scheme, pattern },
]);
