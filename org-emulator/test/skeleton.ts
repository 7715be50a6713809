/**
 * The shape of an error body with everything taken out that a case may vary: values, names, ids and numbers. Keys stay in
 * their order, because clients of the real API were seen to depend on it.
 */
export function skeleton(body: unknown): string {
  return JSON.stringify(mask(body));
}

const MASKS: [RegExp, string][] = [
  [/\/sobjects\/\w+\/\w+$/, '/sobjects/…'],
  [/(of type )\w+$/, '$1…'],
  [/'[^']*'/g, "'…'"],
  [/\[[^\]]*\]/g, '[…]'],
  [/v\d+\.0/g, 'v…'],
  [/(fields: ).*(\. Please check)/, '$1…$2'],
  [
    /^.*(: (?:data value too large|invalid email address|bad value for restricted picklist field)): .*?( \(max length=\d+\))?$/,
    '…$1: …$2',
  ],
  [/(state value for field: ).*$/, '$1…'],
  [/(max length=)\d+/, '$1…'],
  [/(duplicate value found: )\w+/, '$1…'],
  [/\b[0-9A-Za-z]{3}[0-9A-Za-z]{11,17}\b(?=$|")/g, '…'],
  [/(cross-reference id: ).*$/, '$1…'],
  [/(records: ).*$/, '$1…'],
  [/(not accessible: ).*$/, '$1…'],
  [/^\n[\s\S]*?\^\nERROR at Row:\d+:Column:\d+/, '\n…^\nERROR at Row:…:Column:…'],
];

function mask(value: unknown, key?: string): unknown {
  if (key === 'fields' && Array.isArray(value) && value.length > 0) return ['…'];
  if (Array.isArray(value)) return value.map((entry) => mask(entry, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mask(entry, name)]));
  }
  if (typeof value !== 'string') return value;
  // What an administrator or a client named is theirs; the platform's own words are compared.
  const isName = ['fields', 'id', 'Id', 'type', 'entityType', 'rule', 'referenceId', 'matchEngine', 'duplicateRule'];
  if (key !== undefined && (isName.includes(key) || key === 'duplicateRuleEntityType' || key === 'errorMessage'))
    return '…';
  return MASKS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), value);
}
