/** A value in a formula: what it is worked out to, or why it cannot be. */
export type FormulaValue =
  | { type: 'literal'; dataType: string; value: unknown; options?: Record<string, unknown> }
  | { type: 'error'; errorType: string; message: string };

/** A node of the tree of a formula. */
export interface FormulaNode {
  type: 'literal' | 'identifier' | 'callExpression' | 'error';
  /** Of a call: the function, in lower case. */
  id?: string;
  /** Of an identifier. */
  name?: string;
  arguments?: FormulaNode[];
  /** Of an error. */
  message?: string;
}

interface Formulon {
  /** The tree of a formula, or an error node. */
  ast(formula: string): FormulaNode;
  /** The value of a formula with these values for its names. Throws for some blank arguments. */
  parse(formula: string, names: Record<string, FormulaValue>): FormulaValue;
}

/** The library that reads and works out formulas. It comes without types. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would need a declaration file in every project that reads this source
export const formulon = require('formulon') as Formulon;
