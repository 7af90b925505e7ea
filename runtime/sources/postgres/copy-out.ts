import type { Connection, Submittable } from "pg";
import { CsvPieces } from "../database/csv-pieces.ts";

/** Pieces in memory before the server has to wait. */
const MAX_WAITING = 8;

/** Runs `COPY … TO STDOUT`, whose rows the server sends as text, one in each message. It is an iterable of pieces of whole lines. */
export class CopyOut implements Submittable {
  readonly #statement: string;
  readonly #pieces: CsvPieces;
  readonly #waiting: Uint8Array[] = [];
  #connection: Connection | undefined;
  #error: Error | undefined;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(statement: string, maxRowBytes: number) {
    this.#statement = statement;
    this.#pieces = new CsvPieces(maxRowBytes);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      for (const piece of this.#waiting.splice(0)) yield piece;
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended) return;
      this.#connection?.stream.resume();
      if (this.#waiting.length > 0) continue;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    connection.query(this.#statement);
  }

  /** The driver uses the memory of the chunk again. */
  handleCopyData({ chunk }: { chunk: Uint8Array }): void {
    if (this.#error !== undefined) return;
    try {
      this.#push(this.#pieces.add(chunk));
    } catch (error) {
      this.handleError(error);
    }
  }

  handleError(error: unknown): void {
    this.#error ??= error instanceof Error ? error : new Error("the copy failed");
    this.#wake();
  }

  handleReadyForQuery(): void {
    this.#push([this.#pieces.rest()]);
    this.#ended = true;
    this.#wake();
  }

  handleCommandComplete(): void {
    // ReadyForQuery follows.
  }

  #push(pieces: readonly Uint8Array[]): void {
    if (pieces.length === 0) return;
    this.#waiting.push(...pieces);
    if (this.#waiting.length >= MAX_WAITING) this.#connection?.stream.pause();
    this.#wake();
  }
}
