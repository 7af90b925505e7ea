import { BadInput } from "../../errors.ts";

/** Bytes of a piece: a write for every row would take longer than the rows. */
const PIECE_BYTES = 256 * 1024;

/** Puts lines together to pieces. */
export class CsvPieces {
  readonly #maxRowBytes: number;
  #piece = Buffer.allocUnsafe(PIECE_BYTES);
  #bytes = 0;

  constructor(maxRowBytes: number) {
    this.#maxRowBytes = maxRowBytes;
  }

  /** Copies a line. Returns the pieces that are full. Throws BadInput for a line of more than `maxRowBytes`. */
  add(line: Uint8Array): Uint8Array[] {
    if (line.length > this.#maxRowBytes)
      throw new BadInput(
        `a row must have at most ${this.#maxRowBytes} bytes, got ${line.length}; leave long texts out in a query`,
      );
    const full = this.#bytes + line.length > PIECE_BYTES ? [this.rest()] : [];
    if (line.length > PIECE_BYTES) return [...full, Buffer.from(line)];
    this.#piece.set(line, this.#bytes);
    this.#bytes += line.length;
    return full;
  }

  /** Returns the lines since the last piece. */
  rest(): Uint8Array {
    const piece = this.#piece.subarray(0, this.#bytes);
    this.#piece = Buffer.allocUnsafe(PIECE_BYTES);
    this.#bytes = 0;
    return piece;
  }
}
