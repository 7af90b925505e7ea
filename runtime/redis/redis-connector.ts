import { AbstractConnector, type RedisOptions } from "ioredis";
import { createConnection, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

/**
 * Opens connections as ioredis does for one server, but that an error after the first is taken too: ioredis listens once,
 * and TLS may report a second error on a connection that was given up, which would end the process.
 */
export class RedisConnector extends AbstractConnector {
  readonly #options: RedisOptions;

  constructor(options: unknown) {
    const given = options as RedisOptions;
    super(given.disconnectTimeout ?? 2000);
    this.#options = given;
  }

  /** A socket that is on its way. Rejects if it was given up before. */
  async connect(): Promise<Socket | TLSSocket> {
    this.connecting = true;
    await Promise.resolve();
    if (!this.connecting) throw new Error("Connection is closed.");
    const { port = 6379, host = "localhost", family, tls } = this.#options;
    const place = { port, host, family };
    const stream = tls === undefined ? createConnection(place) : connectTls({ ...place, ...tls });
    this.stream = stream;
    stream.on("error", (error) => {
      this.firstError ??= error;
    });
    return stream;
  }
}
