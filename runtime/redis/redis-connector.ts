import { AbstractConnector, type RedisOptions } from "ioredis";
import { createConnection, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

/**
 * Like ioredis' own connector for one server, but it keeps its error listener: TLS can report a second error on an abandoned
 * connection, and without a listener that error would end the process.
 */
export class RedisConnector extends AbstractConnector {
  readonly #options: RedisOptions;

  constructor(options: unknown) {
    const given = options as RedisOptions;
    super(given.disconnectTimeout ?? 2000);
    this.#options = given;
  }

  /** Returns a socket that is connecting. Rejects if the client was closed before. */
  async connect(): Promise<Socket | TLSSocket> {
    this.connecting = true;
    await Promise.resolve();
    if (!this.connecting) throw new Error("Connection is closed.");
    const { port = 6379, host = "localhost", family, tls } = this.#options;
    const address = { port, host, family };
    const stream = tls === undefined ? createConnection(address) : connectTls({ ...address, ...tls });
    this.stream = stream;
    stream.on("error", (error) => {
      this.firstError ??= error;
    });
    return stream;
  }
}
