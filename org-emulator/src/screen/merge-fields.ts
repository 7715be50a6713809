/** The value of a merge field, `Contact.Email` or `$User.Id`; null when it is empty or not seen. */
export type MergeValue = (path: string) => string | null;

/**
 * The address of a custom button for a record: every `{!…}` is replaced by its value, which is blank for whoever may not
 * see the field. Understood are fields and URLENCODE of a field.
 *
 * @throws when an expression is anything else; the message quotes it.
 */
export function mergeUrl(url: string, value: MergeValue): string {
  return url.replace(/\{!([^}]*)\}/g, (_whole, expression: string) => {
    const { encoded, plain } =
      /^\s*(?:URLENCODE\s*\(\s*(?<encoded>\$?\w+(?:\.\w+)+)\s*\)|(?<plain>\$?\w+(?:\.\w+)+))\s*$/i.exec(expression)
        ?.groups ?? {};
    if (encoded !== undefined) return encodeURIComponent(value(encoded) ?? '');
    if (plain !== undefined) return value(plain) ?? '';
    throw new Error(`This emulator does not evaluate {!${expression}}: it knows fields, and URLENCODE of a field`);
  });
}
