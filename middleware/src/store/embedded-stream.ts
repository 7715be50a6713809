import { Duplex } from 'node:stream';
import { type EmbeddedDatabase, joined } from './embedded-database';

/** Who has the session of an embedded database. */
export interface Line {
  /** Resolves when the connection that had it last has ended. */
  isFree: Promise<void>;
}

/** What a server says to somebody it lets in: authentication is done, and it waits for a statement. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

/** First byte of the message that ends a connection. */
const TERMINATE = 'X'.charCodeAt(0);

/**
 * What `pg` takes for a socket to a server, and is an embedded database. It begins when the connection before it has
 * ended, as there is one session only.
 */
export class EmbeddedStream extends Duplex {
  #isWelcome = false;
  #leave = (): void => undefined;
  /** Resolves when what was sent last is done. */
  #sent: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: EmbeddedDatabase,
    private readonly line: Line,
  ) {
    super();
  }

  /** As of a socket; there is nowhere to go. */
  connect(): this {
    const { isFree } = this.line;
    this.line.isFree = new Promise((resolve) => (this.#leave = resolve));
    isFree.then(
      () => this.emit('connect'),
      () => undefined,
    );
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Answers are passed on when they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk], done);
  }

  /** The messages of a statement, which `pg` holds together: each way into the database costs as much as a small one. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: () => void): void {
    done();
    this.destroy();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    void this.#sent.finally(this.#leave);
    done(error);
  }

  #send(messages: Buffer[], done: (error?: Error | null) => void): void {
    if (!this.#isWelcome) {
      // The session is there already: what a client says of itself at the start is of no use.
      this.#isWelcome = true;
      this.push(WELCOME);
      return done();
    }
    if (messages[0]?.[0] === TERMINATE) return done();
    this.#sent = this.database.send(joined(messages)).then(
      (answer) => {
        if (!this.destroyed) this.push(Buffer.from(answer.buffer));
      },
      (error: unknown) => void this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    // What follows may be sent already: the database answers in order.
    done();
  }
}
