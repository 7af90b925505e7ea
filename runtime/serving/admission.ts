import { Unavailable } from "../errors.ts";

export interface AdmissionOptions {
  /** Rows of all requests that are being answered, at most. @default 16384 */
  maxRowsInFlight?: number;
  /**
   * Rows that are scored before the event loop may turn to other requests and to the health routes. A request of more rows
   * is scored alone. @default 512, which takes a few milliseconds
   */
  maxRowsPerTurn?: number;
}

/** Bounds the work that a server takes on, so that it answers what it takes, and its health routes, in time. */
export interface Admission {
  /** Does the work of a request of `rows` rows. Throws Unavailable where too many rows are in flight. */
  readonly admit: <T>(rows: number, work: () => Promise<T>) => Promise<T>;
  /** Scores `rows` rows once it is their turn. */
  readonly takeTurn: <T>(rows: number, score: () => Promise<T>) => Promise<T>;
}

export function admission({
  maxRowsInFlight = 16_384,
  maxRowsPerTurn = 512,
}: AdmissionOptions = {}): Admission {
  let rowsInFlight = 0;
  let rowsRunning = 0;
  const waiting: { rows: number; start: () => void }[] = [];

  const mayRun = (rows: number): boolean => rowsRunning === 0 || rowsRunning + rows <= maxRowsPerTurn;
  function startNext(): void {
    for (let next = waiting[0]; next !== undefined && mayRun(next.rows); next = waiting[0]) {
      waiting.shift();
      rowsRunning += next.rows;
      next.start();
    }
  }

  return {
    async admit(rows, work) {
      // A request of any size is taken where there is no other.
      if (rowsInFlight > 0 && rowsInFlight + rows > maxRowsInFlight)
        throw new Unavailable(
          `server: must have at most ${maxRowsInFlight} rows in flight, got ${rows} on top of ${rowsInFlight}; ask again in a second, or run more replicas`,
        );
      rowsInFlight += rows;
      try {
        return await work();
      } finally {
        rowsInFlight -= rows;
      }
    },
    async takeTurn(rows, score) {
      if (waiting.length === 0 && mayRun(rows)) rowsRunning += rows;
      else await new Promise<void>((start) => waiting.push({ rows, start }));
      try {
        return await score();
      } finally {
        rowsRunning -= rows;
        startNext();
      }
    },
  };
}
