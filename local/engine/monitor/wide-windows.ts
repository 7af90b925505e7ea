import { EventEmitter } from "node:events";
import type { ServerHttp2Session } from "node:http2";
import type grpc from "@grpc/grpc-js";

/** Bytes that a client may send before the server has read them. With HTTP/2's default of 64 KiB the program waits for the engine. */
export const WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * Widens the flow-control window of every connection to a bound server. @grpc/grpc-js has an option for it on clients only, so
 * this uses a private field of the server; if the field is absent, nothing changes.
 */
export function widenWindows(server: grpc.Server): void {
  const servers: unknown = Reflect.get(server, "http2Servers");
  if (!(servers instanceof Map)) return;
  for (const http2Server of servers.keys())
    if (http2Server instanceof EventEmitter)
      http2Server.on("session", (session: ServerHttp2Session) => session.setLocalWindowSize(WINDOW_BYTES));
}
