import { type ClientBase, type Connection, Query } from 'pg';

/** A field of a copied row, by the type of its column: text and json as string, timestamptz as Date, else its bytes. */
export type CopyField = string | Date | Buffer | null;

/**
 * Stores rows by `COPY … FROM STDIN (FORMAT binary)` in one way to the database and back: they follow the statement
 * without waiting for its answer, as the embedded database reads what it is sent to the end before it says anything.
 *
 * @param statement ends with the COPY, whose columns are those of the fields. Statements before it, parted by
 *   semicolons, run in the same transaction.
 * @throws the database's error. Then no row was stored, and the client can be used on.
 * @see https://www.postgresql.org/docs/current/sql-copy.html (binary format)
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
export function copyRows(client: ClientBase, statement: string, rows: readonly CopyField[][]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyQuery(statement, copyData(rows), (error) => (error ? reject(error) : resolve())));
  });
}

/** JSON as a field of type jsonb. */
export function jsonbField(json: string | null): Buffer | null {
  return json === null ? null : Buffer.from(`\u0001${json}`); // the version of the format
}

/** A query of `pg` that sends rows behind its statement; what the server says of it is heard as of any other. */
class CopyQuery extends Query {
  constructor(statement: string, data: Buffer, whenDone: (error: Error | undefined) => void) {
    super(statement, whenDone);
    this.submit = (connection: Connection) => {
      connection.stream.cork();
      connection.query(statement);
      connection.stream.write(data);
      connection.stream.uncork();
    };
  }

  /** The server is ready for rows, which are on their way. */
  handleCopyInResponse(): void {}
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Flags and the length of an extension: neither is used. */
const HEADER_BYTES = SIGNATURE.length + 8;
const END_OF_ROWS = -1;
const NULL_LENGTH = -1;
/** PostgreSQL counts time in microseconds from here. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** The rows as one CopyData message, and the message that they are complete. Pure. */
function copyData(rows: readonly CopyField[][]): Buffer {
  const rowBytes = rows.reduce((sum, fields) => sum + fields.reduce((all, field) => all + 4 + lengthOf(field), 2), 0);
  const messageLength = 4 + HEADER_BYTES + rowBytes + 2;
  const data = Buffer.alloc(1 + messageLength + 5);
  let at = data.write('d', 'latin1');
  at = data.writeInt32BE(messageLength, at);
  SIGNATURE.copy(data, at);
  at += HEADER_BYTES;
  for (const fields of rows) {
    at = data.writeInt16BE(fields.length, at);
    for (const field of fields) at = writeField(data, field, at);
  }
  at = data.writeInt16BE(END_OF_ROWS, at);
  at += data.write('c', at, 'latin1');
  data.writeInt32BE(4, at);
  return data;
}

function lengthOf(field: CopyField): number {
  if (field === null) return 0;
  if (typeof field === 'string') return Buffer.byteLength(field);
  return field instanceof Date ? 8 : field.length;
}

/** @returns where the next one goes. */
function writeField(data: Buffer, field: CopyField, at: number): number {
  if (field === null) return data.writeInt32BE(NULL_LENGTH, at);
  if (typeof field === 'string') {
    const length = data.write(field, at + 4);
    return data.writeInt32BE(length, at) + length;
  }
  if (field instanceof Date) {
    const place = data.writeInt32BE(8, at);
    return data.writeBigInt64BE(BigInt(field.getTime() - POSTGRES_EPOCH_MS) * 1_000n, place);
  }
  const place = data.writeInt32BE(field.length, at);
  return place + field.copy(data, place);
}
