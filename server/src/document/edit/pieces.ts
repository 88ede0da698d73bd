import type { TextEdit } from '../types.ts';

type Piece = { readonly start: number; readonly end: number } | { readonly text: string };

/**
 * A text that is edited in several steps and remembers what is left of the original, so that the steps come out
 * as edits of the original: none overlap, and what touches is one edit.
 */
export class EditedText {
  private readonly original: string;
  private pieces: Piece[];

  constructor(original: string) {
    this.original = original;
    this.pieces = [{ start: 0, end: original.length }];
  }

  get text(): string {
    return this.pieces.map((piece) => this.textOf(piece)).join('');
  }

  /** `edits` are in terms of the text as it is now and do not overlap; equal places are filled in the given order. */
  apply(edits: readonly TextEdit[]): void {
    const ordered = edits.map((edit, index) => ({ edit, index }));
    ordered.sort((a, b) => b.edit.span.start - a.edit.span.start || b.index - a.index);
    for (const { edit } of ordered) {
      const from = this.split(edit.span.start);
      const to = this.split(edit.span.end);
      this.pieces.splice(from, to - from, { text: edit.newText });
    }
  }

  edits(): TextEdit[] {
    const edits: TextEdit[] = [];
    let cursor = 0;
    let inserted = '';
    const flush = (until: number): void => {
      const removed = this.original.slice(cursor, until);
      if (removed !== inserted) edits.push(trimmed(cursor, removed, inserted));
      inserted = '';
    };
    for (const piece of this.pieces) {
      if ('text' in piece) inserted += piece.text;
      else if (piece.end > piece.start) {
        flush(piece.start);
        cursor = piece.end;
      }
    }
    flush(this.original.length);
    return edits;
  }

  private textOf(piece: Piece): string {
    return 'text' in piece ? piece.text : this.original.slice(piece.start, piece.end);
  }

  /** Index of the piece that starts at `offset` of the present text, cutting one in two if need be. */
  private split(offset: number): number {
    let at = 0;
    for (let index = 0; index < this.pieces.length; index++) {
      const piece = this.pieces[index];
      if (!piece) break;
      if (at >= offset) return index;
      const length = 'text' in piece ? piece.text.length : piece.end - piece.start;
      if (offset < at + length) {
        const cut = offset - at;
        const halves: Piece[] =
          'text' in piece
            ? [{ text: piece.text.slice(0, cut) }, { text: piece.text.slice(cut) }]
            : [
                { start: piece.start, end: piece.start + cut },
                { start: piece.start + cut, end: piece.end },
              ];
        this.pieces.splice(index, 1, ...halves);
        return index + 1;
      }
      at += length;
    }
    return this.pieces.length;
  }
}

/** Leaves out what old and new text begin or end with alike. */
function trimmed(start: number, removed: string, inserted: string): TextEdit {
  const shortest = Math.min(removed.length, inserted.length);
  let head = 0;
  while (head < shortest && removed[head] === inserted[head]) head++;
  let tail = 0;
  while (tail < shortest - head && removed.at(-1 - tail) === inserted.at(-1 - tail)) tail++;
  return {
    span: { start: start + head, end: start + removed.length - tail },
    newText: inserted.slice(head, inserted.length - tail),
  };
}
