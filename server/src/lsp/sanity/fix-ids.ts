import type { Change } from '../../run/change.ts';

/** Short names for fixes within one run: the same change against the same symptom has the same id. */
export class FixIds {
  readonly #ids = new Map<string, string>();

  of(symptom: string, change: Change): string {
    const key = `${symptom} ${JSON.stringify(change.operations)}`;
    const id = this.#ids.get(key) ?? `fix-${this.#ids.size + 1}`;
    this.#ids.set(key, id);
    return id;
  }
}
