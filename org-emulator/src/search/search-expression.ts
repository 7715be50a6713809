import { malformedSearch } from './search-error';

/** Whether the texts of a record contain what is searched for. Each text is given as its words, in lower case. */
export type SearchExpression = (texts: readonly string[][]) => boolean;

/** A text as the words that a search compares: letters and digits, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

const TOKEN = /"(?<phrase>(?:[^"\\]|\\.)*)"|(?<paren>[()])|(?<word>(?:\\.|[^\s"()\\])+)/gs;

/**
 * Understands what stands between the braces of FIND: words and "phrases", with `*` and `?` in them, joined by AND, OR and
 * AND NOT, which bind in that order; words side by side must all be there.
 *
 * @throws ApiError MALFORMED_SEARCH for an expression that is no such thing, or shorter than two characters.
 * @see SOQL and SOSL Reference, "FIND {SearchQuery}"
 */
export function parseSearchExpression(text: string): SearchExpression {
  if ((text.match(/[\p{L}\p{N}]/gu) ?? []).length < 2) {
    throw malformedSearch(`search term must be longer than one character: ${text}`);
  }
  const tokens = [...text.matchAll(TOKEN)].map(({ groups = {} }) => groups);
  const parser = new ExpressionParser(tokens);
  return parser.parse();
}

type Token = Record<string, string | undefined>;

class ExpressionParser {
  private at = 0;

  constructor(private readonly tokens: Token[]) {}

  parse(): SearchExpression {
    const expression = this.anyOf();
    if (this.at < this.tokens.length) throw malformedSearch('The parentheses of the search term do not match');
    return expression;
  }

  private anyOf(): SearchExpression {
    const terms = [this.allOf()];
    while (this.take('OR')) terms.push(this.allOf());
    return (texts) => terms.some((term) => term(texts));
  }

  private allOf(): SearchExpression {
    const terms = [this.term()];
    for (let next = this.tokens[this.at]; next && next.paren !== ')' && !isWord(next, 'OR');) {
      const hasAnd = this.take('AND');
      const isNegated = hasAnd && this.take('NOT');
      const term = this.term();
      terms.push(isNegated ? (texts) => !term(texts) : term);
      next = this.tokens[this.at];
    }
    return (texts) => terms.every((term) => term(texts));
  }

  private term(): SearchExpression {
    const token = this.tokens[this.at];
    if (!token || token.paren === ')' || ['AND', 'OR', 'NOT'].some((word) => isWord(token, word))) {
      throw malformedSearch('A search term is missing');
    }
    this.at += 1;
    if (token.paren !== '(') return phrase(token.phrase ?? token.word ?? '');
    const inner = this.anyOf();
    if (this.tokens[this.at]?.paren !== ')') throw malformedSearch('The parentheses of the search term do not match');
    this.at += 1;
    return inner;
  }

  private take(word: string): boolean {
    const token = this.tokens[this.at];
    if (!token || !isWord(token, word)) return false;
    this.at += 1;
    return true;
  }
}

function isWord(token: Token, word: string): boolean {
  return token.word?.toUpperCase() === word;
}

/** Words that follow one another: those of a phrase, or the parts of an address such as `ana@example.com`. */
function phrase(raw: string): SearchExpression {
  const text = raw.toLowerCase().replace(/\\(.)/gs, '$1');
  const patterns = (text.match(/[\p{L}\p{N}*?]+/gu) ?? []).map(
    (word) => new RegExp(`^${word.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u'),
  );
  // Marks alone are no words: they neither find nor hinder.
  if (patterns.length === 0) return () => true;
  return (texts) =>
    texts.some((words) => words.some((_, from) => patterns.every((pattern, n) => pattern.test(words[from + n] ?? ''))));
}
