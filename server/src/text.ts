/** A user-facing text in both languages of the product. Messages are always made in both; the surface picks one. */
export interface Text {
  readonly en: string;
  readonly ko: string;
}

export type Language = keyof Text;

export function text(en: string, ko: string): Text {
  return { en, ko };
}
