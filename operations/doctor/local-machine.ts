import { statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { dirname } from "node:path";
import { existsSync } from "node:fs";
import { inspectMachine } from "../../local/cluster/machine.ts";
import { cache, home } from "../../local/home.ts";
import type { Finding } from "./finding.ts";

const GIB = 1024 ** 3;
/** Measured: the platform takes 1.5 GiB, a training step 0.8, compiling Kubernetes 3. */
const MEMORY_GIB = 6;
/** Measured with cold caches: 9 GiB of tools and Go's caches, images and data beside them. */
const DISK_GIB = 20;

/** Says whether this machine can run the local cluster. */
export async function localMachine(): Promise<Finding[]> {
  return [await kind(), memory(), await disk("caches", cache()), await disk("data", home())];
}

async function kind(): Promise<Finding> {
  const subject = "Linux, as root";
  try {
    const { cgroups } = await inspectMachine();
    return { subject, state: "ok", found: `cgroups ${cgroups}`, needed: "both" };
  } catch (error) {
    const [found = "", fix = ""] = (error as Error).message.split("; ");
    return { subject, state: "wrong", found, needed: "both", fix };
  }
}

function memory(): Finding {
  const subject = "memory";
  const found = `${gib(totalmem())} GiB, ${gib(freemem())} free`;
  const needed = `${MEMORY_GIB} GiB`;
  return totalmem() / GIB >= MEMORY_GIB
    ? { subject, state: "ok", found, needed }
    : { subject, state: "wrong", found, needed, fix: "use a machine with more memory" };
}

async function disk(what: string, path: string): Promise<Finding> {
  const folder = nearestFolder(path);
  const { bavail, bsize } = await statfs(folder);
  const subject = `disk for ${what} (${path})`;
  const found = `${gib(bavail * bsize)} GiB free`;
  const needed = `${DISK_GIB} GiB, less what is there already`;
  if ((bavail * bsize) / GIB >= DISK_GIB) return { subject, state: "ok", found, needed };
  return existsSync(path)
    ? { subject, state: "unknown", found, needed }
    : {
        subject,
        state: "wrong",
        found,
        needed,
        fix: "free some, or set SLIPWAY_HOME and SLIPWAY_CACHE to another disk",
      };
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

const gib = (bytes: number): string => (bytes / GIB).toFixed(1);
