import type { Span } from '../../document/types.ts';
import type { Severity } from '../../knowledge/ids.ts';
import type { Change } from '../../run/change.ts';
import type { Text } from '../../text.ts';
import type { Finding } from '../rule.ts';

/** A finding with the parts that most have not left out. */
export function finding(
  span: Span,
  message: Text,
  more: {
    severity?: Severity;
    evidence?: readonly string[];
    changes?: readonly Change[];
    related?: Finding['related'];
    data?: Finding['data'];
  } = {},
): Finding {
  const { evidence = [], changes = [], severity, related, data } = more;
  return {
    span,
    message,
    evidence,
    changes,
    ...(severity ? { severity } : {}),
    ...(related ? { related } : {}),
    ...(data ? { data } : {}),
  };
}

/** Sentences of a message joined in both languages: what stands there, what is usual, what to do. */
export function sentences(...parts: readonly (Text | undefined)[]): Text {
  const said = parts.filter((part) => part !== undefined);
  return { en: said.map(({ en }) => en).join(' '), ko: said.map(({ ko }) => ko).join(' ') };
}
