/** What went wrong with the store, by what the reader of the message has to do. */
export type StoreErrorCode =
  | 'not-durable'
  | 'directory-held'
  | 'directory-unusable'
  | 'holder-silent'
  | 'holder-refused'
  | 'migration-changed'
  | 'migration-invalid'
  | 'database-newer'
  | 'server-too-old'
  | 'store-busy';

/** The store cannot do what was asked. The message is a plain sentence that ends with what to do; it holds no data. */
export class StoreError extends Error {
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/** Another running server holds the data directory. */
export class DirectoryHeldError extends StoreError {
  constructor(dataDir: string) {
    super(
      'directory-held',
      `The data directory ${dataDir} is in use by another running server. ` +
        'Stop that one first, or give this one a directory of its own (DATA_DIR).',
    );
    this.name = 'DirectoryHeldError';
  }
}

/** The process that holds the data directory answered, and refused or failed what was asked. */
export class HolderRefusedError extends StoreError {
  constructor(message: string) {
    super('holder-refused', message);
    this.name = 'HolderRefusedError';
  }
}
