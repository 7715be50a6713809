import { CsvError, parse } from 'csv-parse/sync';

/** The column delimiters of the Bulk API by the names that a job has for them. */
export const DELIMITERS: Readonly<Record<string, string>> = {
  BACKQUOTE: '`',
  CARET: '^',
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
};

/** A table of texts: the names of its columns, and its rows. */
export interface CsvTable {
  header: string[];
  rows: string[][];
}

/** Data that are no CSV; the message says what is wrong and in which line. */
export class CsvFormatError extends Error {}

/**
 * Reads CSV. An empty text is a table without columns.
 *
 * @throws CsvFormatError when quotes do not close, or a row has more or fewer cells than the header.
 */
export function readCsv(text: string, delimiter: string): CsvTable {
  try {
    const [header = [], ...rows] = parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      skip_empty_lines: true,
    }) as string[][];
    return { header, rows };
  } catch (error) {
    if (error instanceof CsvError) throw new CsvFormatError(error.message);
    throw error;
  }
}

/** Writes CSV as the platform does: commas, every cell in quotes, lines that end with LF. Rows without cells are left out. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows
    .filter((row) => row.length > 0)
    .map((row) => `${row.map(quoted).join(',')}\n`)
    .join('');
}

/** Which ending the first line of a text has; undefined when there is one line only. */
export function lineEndingOf(text: string): 'LF' | 'CRLF' | undefined {
  const end = text.indexOf('\n');
  if (end < 0) return undefined;
  return text.charAt(end - 1) === '\r' ? 'CRLF' : 'LF';
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
