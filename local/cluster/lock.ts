import { connect, createServer, type Server } from "node:net";
import { home } from "../home.ts";

let held: { server: Promise<Server>; users: number } | undefined;

/**
 * Runs `work` with a lock, so that no two runs change the machine at the same time. Throws with the pid of the other run if it holds
 * the lock. The lock is an abstract socket in the kernel, which disappears with its process. The process that holds it can take it
 * again. On systems other than Linux, which cannot have a local cluster, there is no lock.
 */
export async function withClusterLock<T>(work: () => Promise<T>): Promise<T> {
  if (process.platform !== "linux") return work();
  const lock = (held ??= { server: listen(), users: 0 });
  lock.users++;
  try {
    const server = await lock.server;
    try {
      return await work();
    } finally {
      if (lock.users === 1) await new Promise((resolve) => server.close(resolve));
    }
  } finally {
    if (--lock.users === 0) held = undefined;
  }
}

const lockName = (): string => `\0slipway:${home()}`;

/** Listens on the lock's socket and sends the pid of this process to every client. */
async function listen(): Promise<Server> {
  const server = createServer((client) => client.on("error", () => {}).end(String(process.pid)));
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(true) : reject(error),
    );
    server.listen(lockName(), () => resolve(false));
  });
  if (taken)
    throw new Error(
      `another slipway run (pid ${await holder()}) is changing this machine: wait until it ends, then try again`,
    );
  server.unref();
  return server;
}

function holder(): Promise<string> {
  return new Promise((resolve) => {
    let pid = "";
    const client = connect({ path: lockName() })
      .setTimeout(1000, () => client.destroy())
      .on("data", (chunk) => (pid += chunk.toString()))
      .on("error", () => {})
      .on("close", () => resolve(pid || "unknown"));
  });
}
