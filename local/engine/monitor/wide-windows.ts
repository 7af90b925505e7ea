import { EventEmitter } from "node:events";
import type { ServerHttp2Session } from "node:http2";
import type grpc from "@grpc/grpc-js";

/** What a client may send ahead of what the server has read: with HTTP/2's 64 KiB a program and the engine take turns instead. */
export const WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * Widens the flow-control window of every connection to a server that is bound. @grpc/grpc-js has an option for that of a
 * client and none for that of a server; without its private field the windows stay as they are.
 */
export function widenWindows(server: grpc.Server): void {
  const servers: unknown = Reflect.get(server, "http2Servers");
  if (!(servers instanceof Map)) return;
  for (const http2Server of servers.keys())
    if (http2Server instanceof EventEmitter)
      http2Server.on("session", (session: ServerHttp2Session) => session.setLocalWindowSize(WINDOW_BYTES));
}
