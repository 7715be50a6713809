import { ApiError } from '../rest/api-error';

/** Why one row was refused. A single-row request answers it with `status`; a collection lists it as `statusCode`. */
export class RowError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fields: string[] = [],
    readonly options: {
      /** HTTP status when the row was a request of its own; 400 unless told. */
      status?: number;
      /** What a single-row answer shows besides the error, such as the matches of a duplicate rule. */
      extra?: Record<string, unknown>;
      /** Whether a single-row answer leaves the key `fields` out. */
      withoutFields?: boolean;
    } = {},
  ) {
    super(message);
    this.name = 'RowError';
  }

  /** The error as a single-row request answers it. */
  toApiError(): ApiError {
    const { status = 400, extra, withoutFields = false } = this.options;
    return new ApiError(status, [
      {
        errorCode: this.code,
        message: this.message,
        ...(withoutFields || extra ? {} : { fields: this.fields }),
        ...(extra ? { extra } : {}),
      },
    ]);
  }

  /** The error as an entry of a collection's `errors`. */
  toResult(): { statusCode: string; message: string; fields: string[] } {
    return { statusCode: this.code, message: this.message, fields: this.fields };
  }
}

/** A value of the wrong JSON type, or a body that the row cannot be read from. */
export function jsonParserError(message: string): RowError {
  return new RowError('JSON_PARSER_ERROR', message, [], { withoutFields: true });
}

/** A column that the object does not have, or that the user cannot see. */
export function noSuchColumn(column: string, sobject: string): RowError {
  return new RowError('INVALID_FIELD', `No such column '${column}' on sobject of type ${sobject}`, [], {
    withoutFields: true,
  });
}

/** Fields that this user cannot write in this way. */
export function notWritable(fields: string[]): RowError {
  return new RowError(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${fields.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    fields,
  );
}

/** A record that is in the recycle bin. */
export function entityIsDeleted(): RowError {
  return new RowError('ENTITY_IS_DELETED', 'entity is deleted', [], { status: 404 });
}

/** A record that does not exist. `status` is 404 when it was the record to write, 400 when a field pointed at it. */
export function invalidCrossReference(status: 400 | 404, fields: string[] = []): RowError {
  return new RowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', fields, { status });
}
