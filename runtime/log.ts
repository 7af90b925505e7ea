export type LogFields = Record<string, unknown>;

/** Writes structured lines, one JSON object each. Never pass tokens, passwords or feature rows. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Returns a logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  /** Receives each line, with its newline. @default - standard output */
  write?: (line: string) => void;
  /** Returns the present time. @default - the clock */
  now?: () => Date;
  /** Fields of every line. */
  fields?: LogFields;
}

/** Returns a logger whose lines have `time` (ISO 8601), `level`, `message`, then the fields. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { write = (line) => void process.stdout.write(line), now = () => new Date(), fields = {} } = options;
  const line =
    (level: string) =>
    (message: string, own: LogFields = {}): void =>
      write(`${JSON.stringify({ time: now().toISOString(), level, message, ...fields, ...own })}\n`);
  return {
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    child: (more) => createLogger({ write, now, fields: { ...fields, ...more } }),
  };
}

/** A logger that writes nothing, for tests and library use. */
export const silentLogger: Logger = createLogger({ write: () => {} });
