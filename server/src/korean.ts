/** Digits whose Korean reading ends in a consonant: 영 일 삼 육 칠 팔; those ending in ㄹ take 로, not 으로. */
const digitsWithFinal = '013678';
const digitsWithFinalL = '178';
/** Latin letters that end a Korean loan word in a consonant; `l` in ㄹ. */
const lettersWithFinal = 'bcgklmnpt';

/** Acronyms that are read as a word (램, 케이팩). */
const readAsWords = ['LAMB', 'K-FAC'];

type FinalSound = 'none' | 'l' | 'other';

function finalSound(word: string): FinalSound {
  const last =
    word
      .trim()
      .replace(/[)"'`\]]+$/u, '')
      .at(-1) ?? '';
  const code = last.charCodeAt(0);
  if (code >= 0xac00 && code <= 0xd7a3) {
    const final = (code - 0xac00) % 28;
    return final === 0 ? 'none' : final === 8 ? 'l' : 'other';
  }
  if (/\d/.test(last))
    return digitsWithFinalL.includes(last) ? 'l' : digitsWithFinal.includes(last) ? 'other' : 'none';
  // 퍼센트 ends in a vowel.
  if (last === '%') return 'none';
  if (readAsWords.some((acronym) => word.trim().endsWith(acronym))) return 'other';
  // An acronym is read letter by letter: only L, M, N, R end in a consonant.
  if (/[A-Z]/.test(last)) return last === 'L' || last === 'R' ? 'l' : 'MN'.includes(last) ? 'other' : 'none';
  return last === 'l' ? 'l' : lettersWithFinal.includes(last.toLowerCase()) ? 'other' : 'none';
}

export type Particle = '은/는' | '이/가' | '을/를' | '으로/로' | '과/와';

/** The word with the form of the particle that its last sound asks for: `Adam을`, `SGD를`, `0.1로`. */
export function withParticle(word: string, particle: Particle): string {
  const [closed = '', open = ''] = particle.split('/');
  const sound = finalSound(word);
  if (particle === '으로/로') return word + (sound === 'other' ? closed : open);
  return word + (sound === 'none' ? open : closed);
}
