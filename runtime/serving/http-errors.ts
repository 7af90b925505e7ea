import { STATUS_CODES, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError } from "fastify";
import { RuntimeFault, describeError } from "../errors.ts";

export interface ErrorAnswer {
  status: number;
  /** Every error's body is `{"error": message}`. */
  message: string;
}

/** Returns the answer for an error: the message of an expected fault, but no detail of a defect. */
export function toErrorAnswer(error: FastifyError | RuntimeFault): ErrorAnswer {
  if (error instanceof RuntimeFault) return { status: error.status, message: describeError(error) };
  const status = FRAMEWORK_STATUS[error.code] ?? error.statusCode ?? 500;
  if (status === 404) return { status, message: "no such route" };
  if (status >= 400 && status < 500) return { status, message: error.message };
  return { status: 500, message: "internal error; the server's log has the cause" };
}

/** Statuses of the framework's errors: a path that the router cannot read is not a route. */
const FRAMEWORK_STATUS: Readonly<Record<string, number>> = {
  FST_ERR_BAD_URL: 404,
  FST_ERR_MAX_PARAM_LENGTH: 404,
};

/** Answers bytes that are not a valid HTTP request and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = CLIENT_ERROR_STATUS[error.code ?? ""] ?? 400;
  const reason = STATUS_CODES[status] ?? "";
  const body = JSON.stringify({ error: `request must be HTTP/1.1: ${reason.toLowerCase()}` });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const CLIENT_ERROR_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers `expect` headers other than `100-continue` with an error body; Node's own answer has none. */
export function answerExpectations(server: Server): void {
  server.on("checkExpectation", (_request, response: ServerResponse) => {
    const body = JSON.stringify({ error: "expect must be 100-continue, or left out" });
    response.writeHead(417, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      connection: "close",
    });
    response.end(body);
  });
}
