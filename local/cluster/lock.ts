import { connect, createServer, type Server } from "node:net";
import { home } from "../home.ts";

let held: { server: Promise<Server>; users: number } | undefined;

/**
 * Keeps two runs from changing the machine at the same time. Throws, naming the other, while one is at work. The lock is a name
 * in the kernel (an abstract socket): it goes with its process, however that ends. Within the process that holds it, it can be taken again.
 * Where there can be no local cluster (not Linux) there is nothing to lock.
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

/** Whoever asks is told the holder's pid. */
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
      `another slipway run (pid ${await holder()}) is at work on this machine: wait for its end, then try again`,
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
