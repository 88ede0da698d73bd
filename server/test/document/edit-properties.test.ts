import assert from 'node:assert/strict';
import fc from 'fast-check';
import { valueOfNode } from '../../src/document/edit/values.ts';
import { applyEdits, writeKeys } from '../../src/document/edit.ts';
import { loaderById } from '../../src/document/loaders.ts';
import { nodeAt } from '../../src/document/lookup.ts';
import { parseConfig } from '../../src/document/parse.ts';
import type {
  ConfigDocument,
  ConfigFormat,
  ConfigNode,
  ConfigValue,
  LoaderId,
  MapNode,
  Path,
  TextEdit,
} from '../../src/document/types.ts';
import { files } from './arbitrary-files.ts';
import { assertSound } from './tree.ts';

const newValues = fc.constantFrom<ConfigValue[]>(
  1e-5,
  0.25,
  7,
  false,
  'cosine',
  'yes: no',
  '1.0',
  [0.9, 0.95],
  { type: 'AdamW', params: { lr: 0.5, betas: [1, 2] } },
  [{ a: 1 }, 'b'],
);

function nodesOf(document: ConfigDocument): ConfigNode[] {
  const nodes: ConfigNode[] = [];
  const visit = (node: ConfigNode): void => {
    nodes.push(node);
    if (node.kind === 'map') for (const { value } of node.entries) visit(value);
    else if (node.kind === 'seq') node.items.forEach(visit);
  };
  document.roots.forEach(visit);
  return nodes;
}

/** Every path with what is written there; collections by their kind alone. */
function contents(document: ConfigDocument): Map<string, string> {
  return new Map(
    nodesOf(document).map((node) => [
      JSON.stringify(node.path),
      node.kind === 'scalar' ? `${node.style} ${node.text}` : node.kind,
    ]),
  );
}

function isUnder(path: string, top: Path): boolean {
  const prefix = JSON.stringify(top).slice(0, -1);
  return path === `${prefix}]` || path.startsWith(prefix === '[' ? prefix : `${prefix},`);
}

function assertNeighboursStay(before: ConfigDocument, after: ConfigDocument, touched: readonly Path[]): void {
  const now = contents(after);
  const then = contents(before);
  const isTouched = (path: string): boolean =>
    touched.some((top) => isUnder(path, top) || isUnder(JSON.stringify(top), JSON.parse(path) as Path));
  for (const [path, content] of then) if (!isTouched(path)) assert.equal(now.get(path), content, path);
  for (const path of now.keys()) if (!isTouched(path)) assert.ok(then.has(path), `${path} is new`);
}

function commentsOf(document: ConfigDocument): string[] {
  return document.comments.map(({ text }) => text).sort();
}

/** Lines that no edit touches are there in the same order; line breaks stay what they are. */
function assertLinesStay(before: string, after: string, edits: readonly TextEdit[]): void {
  const touched = (start: number, end: number): boolean =>
    edits.some(({ span }) => span.start <= end && span.end >= start);
  const lines = after.split('\n');
  let at = 0;
  let offset = 0;
  for (const line of before.split('\n')) {
    if (!touched(offset, offset + line.length)) {
      const found = lines.indexOf(line, at);
      assert.ok(found >= at, `line ${JSON.stringify(line)} is gone`);
      at = found + 1;
    }
    offset += line.length + 1;
  }
  if (before.includes('\r\n')) assert.doesNotMatch(after, /[^\r]\n/);
  else assert.doesNotMatch(after, /\r/);
}

function assertNoOverlap(edits: readonly TextEdit[]): void {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start);
  sorted.forEach((edit, index) => {
    const previous = sorted[index - 1];
    assert.ok(!previous || previous.span.end < edit.span.start || previous.span.end === edit.span.start);
  });
}

const pick = <T>(list: readonly T[], seed: number): T | undefined => list[seed % list.length];

const cases: readonly (readonly [ConfigFormat, LoaderId])[] = [
  ['yaml', 'pyyaml'],
  ['yaml', 'omegaconf'],
  ['json', 'json'],
  ['toml', 'toml'],
];

for (const [format, id] of cases) {
  const loader = loaderById(id);
  const runs = { numRuns: 120 };

  const assertWritten = (text: string, writes: readonly { path: Path; value: ConfigValue }[]): void => {
    const document = parseConfig(text, format);
    const edits = writeKeys(document, 0, loader, writes);
    const after = applyEdits(text, edits);
    const again = parseConfig(after, format);
    assertSound(again);
    assertNoOverlap(edits);
    assert.deepEqual(again.problems, [], after);
    for (const { path, value } of writes) {
      const node = again.roots[0] && nodeAt(again.roots[0], path);
      assert.deepEqual(node && valueOfNode(node, loader), value, after);
    }
    assertNeighboursStay(
      document,
      again,
      writes.map(({ path }) => path),
    );
    assertLinesStay(text, after, edits);
  };

  describe(`edits of ${format} read by ${id}`, () => {
    it('start from sound files', () => {
      fc.assert(
        fc.property(files(format), (text) => {
          const document = parseConfig(text, format);
          assertSound(document);
          assert.deepEqual(document.problems, [], text);
        }),
        runs,
      );
    });

    it('leave a file alone that is written what it says', () => {
      fc.assert(
        fc.property(files(format), (text) => {
          const document = parseConfig(text, format);
          const writes = nodesOf(document)
            .filter((node) => node.path.length > 0)
            .map((node) => ({ path: node.path, value: valueOfNode(node, loader) }));
          assert.deepEqual(writeKeys(document, 0, loader, writes), []);
        }),
        { numRuns: 30 },
      );
    });

    it('replace a scalar: it reads the new value, all else and every comment stays', () => {
      fc.assert(
        fc.property(files(format), fc.nat(), newValues, (text, seed, value) => {
          const document = parseConfig(text, format);
          const node = pick(
            nodesOf(document).filter(({ kind }) => kind === 'scalar'),
            seed,
          );
          fc.pre(node !== undefined);
          assertWritten(text, [{ path: node.path, value }]);
          const after = applyEdits(text, writeKeys(document, 0, loader, [{ path: node.path, value }]));
          assert.deepEqual(commentsOf(parseConfig(after, format)), commentsOf(document), after);
        }),
        runs,
      );
    });

    it('add keys, several to one map: all are read, all else and every comment stays', () => {
      fc.assert(
        fc.property(
          files(format),
          fc.nat(),
          fc.array(newValues, { minLength: 1, maxLength: 3 }),
          (text, seed, list) => {
            const document = parseConfig(text, format);
            const map = pick(
              nodesOf(document).filter((node): node is MapNode => node.kind === 'map'),
              seed,
            );
            fc.pre(map !== undefined);
            const writes = list.map((value, index) => ({ path: [...map.path, `new_key${index}`], value }));
            if (seed % 3 === 0) writes.push({ path: [...map.path, 'deep', 'er'], value: 1 });
            assertWritten(text, writes);
            const after = applyEdits(text, writeKeys(document, 0, loader, writes));
            assert.deepEqual(commentsOf(parseConfig(after, format)), commentsOf(document), after);
          },
        ),
        runs,
      );
    });

    it('delete an entry or item: it is gone, all else stays', () => {
      fc.assert(
        fc.property(files(format), fc.nat(), (text, seed) => {
          const document = parseConfig(text, format);
          const candidates = nodesOf(document).filter(
            ({ path, parent }) => path.length > 0 && parent?.kind === 'map',
          );
          const node = pick(candidates, seed);
          fc.pre(node !== undefined);
          const edits = writeKeys(document, 0, loader, [{ path: node.path, value: undefined }]);
          const after = applyEdits(text, edits);
          const again = parseConfig(after, format);
          assert.deepEqual(again.problems, [], after);
          assert.ok(edits.length > 0);
          assert.equal(again.roots[0] && nodeAt(again.roots[0], node.path), undefined, after);
          assertNeighboursStay(document, again, [node.path]);
          assertLinesStay(text, after, edits);
        }),
        runs,
      );
    });
  });
}
