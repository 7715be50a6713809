/** The value of a merge field, `Contact.Email` or `$User.Id`; null when it is empty or not seen. */
export type MergeValue = (path: string) => string | null;

/**
 * The address of a custom button for a record: every `{!…}` is replaced by its value, which is blank for whoever may not
 * see a field of it. Understood are fields, texts, `&`, and what buttons are made of: URLENCODE, IF, ISBLANK, BLANKVALUE,
 * and URLFOR of a static resource.
 *
 * @throws when an expression is anything else; the message quotes it.
 */
export function mergeUrl(url: string, value: MergeValue): string {
  return url.replace(/\{!([^}]*)\}/g, (_whole, expression: string) => {
    const result = new Expression(expression, value).evaluate();
    return typeof result === 'string' ? result : String(result);
  });
}

type Value = string | boolean;

const TOKEN = /\s*(?:("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\$?\w+(?:\.\w+)*)|([(),&]))/y;

/** One expression, read from left to right. */
class Expression {
  private readonly tokens: string[] = [];
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly value: MergeValue,
  ) {
    TOKEN.lastIndex = 0;
    const source = text.trim();
    while (TOKEN.lastIndex < source.length) {
      const token = TOKEN.exec(source);
      if (!token) throw this.fault();
      this.tokens.push(token[1] ?? token[2] ?? token[3] ?? '');
    }
  }

  evaluate(): Value {
    const result = this.joined();
    if (this.at < this.tokens.length) throw this.fault();
    return result;
  }

  private joined(): Value {
    let result = this.term();
    while (this.tokens[this.at] === '&') {
      this.at += 1;
      result = String(result) + String(this.term());
    }
    return result;
  }

  private term(): Value {
    const token = this.tokens[this.at] ?? '';
    this.at += 1;
    if (/^["']/.test(token)) return token.slice(1, -1).replace(/\\(.)/g, '$1');
    if (!/^[$\w]/.test(token)) throw this.fault();
    if (this.tokens[this.at] !== '(') {
      // The only thing that a resource is good for is its address.
      if (token.startsWith('$Resource.')) return `/resource/${token.slice('$Resource.'.length)}`;
      if (!token.includes('.')) throw this.fault();
      return this.value(token) ?? '';
    }
    return this.call(token.toUpperCase(), this.parameters());
  }

  private parameters(): Value[] {
    const found: Value[] = [];
    do {
      this.at += 1;
      found.push(this.joined());
    } while (this.tokens[this.at] === ',');
    if (this.tokens[this.at] !== ')') throw this.fault();
    this.at += 1;
    return found;
  }

  private call(name: string, parameters: Value[]): Value {
    const [first = '', second = '', third = ''] = parameters;
    switch (`${name}/${parameters.length}`) {
      case 'IF/3':
        return first === true ? second : third;
      case 'ISBLANK/1':
        return first === '';
      case 'BLANKVALUE/2':
        return first === '' ? second : first;
      case 'URLENCODE/1':
        return encodeURIComponent(String(first));
      case 'URLFOR/1':
        return first;
      default:
        throw this.fault();
    }
  }

  private fault(): Error {
    return new Error(`This emulator does not evaluate {!${this.text}}`);
  }
}
