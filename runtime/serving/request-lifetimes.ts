import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Reports the end of requests, including those whose callers leave before the answer. */
export interface RequestLifetimes {
  /** Calls `over` once: with true after the answer, with false if the connection closed before. */
  watch(request: IncomingMessage, response: ServerResponse, over: (answered: boolean) => void): void;
}

export function requestLifetimes(): RequestLifetimes {
  // A request that waits behind another one on its connection gets no event when the connection closes.
  const open = new WeakMap<Socket, Set<(answered: boolean) => void>>();

  function requestsOf(socket: Socket): Set<(answered: boolean) => void> {
    const known = open.get(socket);
    if (known !== undefined) return known;
    const requests = new Set<(answered: boolean) => void>();
    open.set(socket, requests);
    socket.once("close", () => {
      for (const end of requests) end(false);
    });
    return requests;
  }

  return {
    watch({ socket }, response, over) {
      const requests = requestsOf(socket);
      const end = (answered: boolean): void => {
        if (requests.delete(end)) over(answered);
      };
      requests.add(end);
      response.once("close", () => end(response.writableEnded));
    },
  };
}
