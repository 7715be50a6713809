import { formulon, type FormulaNode } from './library';

/** A formula without its comments, which the library does not read. Texts in quotes are left as they are. */
export function withoutComments(formula: string): string {
  return formula.replace(
    /("(?:\\.|[^"\\])*")|\/\*[\s\S]*?\*\//g,
    (_match, quoted: string | undefined) => quoted ?? ' ',
  );
}

/** The fields and global names that a formula uses, each once; none when it cannot be read. */
export function formulaNames(formula: string): string[] {
  const names = nodesOf(formulon.ast(withoutComments(formula))).flatMap(({ type, name }) =>
    type === 'identifier' && name !== undefined ? [name] : [],
  );
  return [...new Set(names)];
}

/** Why a formula cannot be read: its syntax, or a function that is not known. Undefined when it can. */
export function syntaxFault(formula: string): string | undefined {
  const tree = formulon.ast(withoutComments(formula));
  if (tree.type === 'error') return `Error: ${tree.message ?? 'Syntax error.'}`;
  for (const { type, id } of nodesOf(tree)) {
    // Operators are calls too; those that are no functions by name have capitals in theirs.
    if (type !== 'callExpression' || id === undefined || id !== id.toLowerCase()) continue;
    const answer = formulon.parse(`${id}()`, {});
    if (answer.type === 'error' && answer.errorType === 'NoFunctionError') return answer.message;
  }
  return undefined;
}

function nodesOf(node: FormulaNode): FormulaNode[] {
  return [node, ...(node.arguments ?? []).flatMap(nodesOf)];
}
