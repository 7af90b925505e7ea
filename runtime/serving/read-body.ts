import type { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { BadInput, RuntimeFault, Unavailable } from "../errors.ts";
import { excerpt } from "./json-value.ts";

export interface BodyReaderOptions {
  /** Bytes of one body at most. */
  maxBodyBytes: number;
  /**
   * Bytes that all bodies may take beyond the first 64 KiB of each: many slow uploads must not fill the memory, and must
   * not keep small requests out. @default 33554432
   */
  maxBufferedBytes?: number;
}

/** Reads bodies of requests, and keeps account of the memory that they take. */
export interface BodyReader {
  /** The bytes of a body. Throws RuntimeFault for one that may not be read. */
  read(request: FastifyRequest, payload: Readable): Promise<Buffer>;
  /** The request is over: its body takes no memory any more. */
  release(request: FastifyRequest): void;
}

declare module "fastify" {
  interface FastifyInstance {
    /** Reads the bodies of this app's requests. */
    bodies: BodyReader;
  }
}

/** Part of every body that is not counted: connections, whose number is bounded, bound these. */
const FREE_BYTES = 64 * 1024;

export function bodyReader({
  maxBodyBytes,
  maxBufferedBytes = 32 * 1024 * 1024,
}: BodyReaderOptions): BodyReader {
  const held = new WeakMap<FastifyRequest, number>();
  let buffered = 0;

  function hold(request: FastifyRequest, bytes: number): void {
    const before = held.get(request) ?? 0;
    const counted = Math.max(0, bytes - FREE_BYTES);
    if (buffered + counted - before > maxBufferedBytes)
      throw new Unavailable(
        `server: bodies of more than ${FREE_BYTES} bytes wait for others to be answered; ask again in a second`,
      );
    buffered += counted - before;
    held.set(request, counted);
  }

  return {
    async read(request, payload) {
      const { "content-encoding": encoding = "identity", "content-length": length } = request.headers;
      if (encoding.toLowerCase() !== "identity")
        throw new UnsupportedBody(
          `content-encoding must be left out, got ${excerpt(encoding)}: send the body uncompressed`,
        );
      if (Number(length ?? 0) > maxBodyBytes) throw new BodyTooLarge(maxBodyBytes);
      return readAll(payload, (bytes) => {
        if (bytes > maxBodyBytes) throw new BodyTooLarge(maxBodyBytes);
        hold(request, bytes);
      });
    },
    release(request) {
      buffered -= held.get(request) ?? 0;
      held.delete(request);
    },
  };
}

/**
 * Reads a stream to its end; `check` gets the bytes so far and may throw. A stream that fails the check is left open: to
 * destroy it would close the socket, before the answer is sent.
 */
function readAll(payload: Readable, check: (bytes: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      try {
        check(bytes);
        chunks.push(chunk);
      } catch (error: unknown) {
        payload.off("data", onData);
        payload.pause();
        chunks.length = 0;
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    payload.on("data", onData);
    payload.once("end", () => resolve(Buffer.concat(chunks)));
    payload.once("error", () => reject(new BadInput("body must arrive whole, its connection failed")));
    payload.once("close", () => {
      // An error for each request that went well would cost more than reading its body.
      if (!payload.readableEnded) reject(new BadInput("body must arrive whole, its connection was closed"));
    });
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Throws BadInput unless the bytes are JSON in UTF-8. */
export function parseJsonBody(bytes: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new BadInput("body must be JSON in UTF-8, got bytes that are not UTF-8");
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new BadInput(`body must be JSON: ${excerpt(error instanceof Error ? error.message : error)}`);
  }
}

class BodyTooLarge extends RuntimeFault {
  constructor(maxBodyBytes: number) {
    super("too-large", 413, `body must be at most ${maxBodyBytes} bytes; send fewer rows at a time`);
    this.name = "BodyTooLarge";
  }
}

class UnsupportedBody extends RuntimeFault {
  constructor(message: string) {
    super("unsupported-body", 415, message);
    this.name = "UnsupportedBody";
  }
}
