import { copyFile, cp, chmod, mkdir, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandFailed, runCommand } from "../run-command.ts";
import { archiveOf } from "./debian-packages.ts";
import type { FileOwners, PackageVersions } from "./debian-packages.ts";

const LIBRARIES = "/usr/lib/x86_64-linux-gnu";

/** A tree of unpacked packages, from which images copy files. */
export interface PackagePool {
  folder: string;
  owners: FileOwners;
  versions: PackageVersions;
}

export interface PackageRootOptions {
  pool: PackagePool;
  /** Path in the pool → path in the image. Folders are copied whole; links in them are followed. */
  paths: Readonly<Record<string, string>>;
  /** Packages of the base image; none of their files is copied. */
  base: ReadonlySet<string>;
  /** Folder that becomes `/` of the image, above the base. */
  root: string;
}

/** Copies programs, the shared libraries that they load and their data. Returns `name=version` of each package used. */
export async function packageRoot(options: PackageRootOptions): Promise<string[]> {
  const { pool, base, root } = options;
  const used = new Set<string>();
  const take = async (from: string, to: string): Promise<void> => {
    const source = await inside(pool.folder, from);
    const target = join(root, to);
    await mkdir(dirname(target), { recursive: true });
    if ((await stat(source)).isDirectory()) await cp(source, target, { recursive: true, dereference: true });
    else await copyFile(source, target);
    for (const owner of await ownersOf(pool, from)) used.add(owner);
  };
  for (const [from, to] of Object.entries(options.paths)) {
    await take(from, to);
    for (const library of await librariesOf(pool.folder, from)) {
      const owner = pool.owners.get(library);
      if (owner === undefined)
        throw new Error(`${from}: no unpacked package contains its library ${library}`);
      if (!base.has(owner)) await take(library, library);
    }
  }
  const packages = [...used].sort();
  for (const name of packages) await recordPackage(pool, name, root);
  return packages.map((name) => `${name}=${pool.versions[name]}`);
}

/** Writes a package's metadata, for scanners, and its licence to the paths that distroless images use. */
export async function recordPackage(pool: PackagePool, name: string, root: string): Promise<void> {
  const control = await runCommand("dpkg-deb", ["--field", await archiveOf(name, pool.versions[name] ?? "")]);
  const status = join(root, "var/lib/dpkg/status.d", name);
  await mkdir(dirname(status), { recursive: true });
  await writeFile(status, control);
  // Packages of one source share a copyright file through a link of their folder.
  const copyright = await inside(pool.folder, join("/usr/share/doc", name, "copyright")).catch(
    () => undefined,
  );
  if (copyright === undefined) return;
  const target = join(root, copyright.slice(pool.folder.length));
  await mkdir(dirname(target), { recursive: true });
  await copyFile(copyright, target);
}

/** Returns the packages of a path or of the files below it, and of the targets of their links. */
async function ownersOf(pool: PackagePool, from: string): Promise<Set<string>> {
  const found = new Set<string>();
  const beneath = (path: string): [string, string][] =>
    [...pool.owners].filter(([owned]) => owned === path || owned.startsWith(`${path}/`));
  for (const [path, owner] of beneath(from)) {
    found.add(owner);
    const real = (await inside(pool.folder, path)).slice(pool.folder.length);
    if (real !== path) for (const [, other] of beneath(real)) found.add(other);
  }
  return found;
}

/** Returns the libraries that the pool's own loader finds for a program, as absolute paths in the pool; none for other files. */
async function librariesOf(pool: string, path: string): Promise<string[]> {
  const program = await inside(pool, path);
  if (!(await isElf(program))) return [];
  const loader = join(pool, LIBRARIES, "ld-linux-x86-64.so.2");
  await chmod(loader, 0o755);
  if (!(await isDynamic(loader, program))) return [];
  const args = ["--inhibit-cache", "--library-path", join(pool, LIBRARIES), "--list", program];
  const listing = await runCommand(loader, args);
  const missing = /^\s*(\S+) => not found$/m.exec(listing)?.[1];
  if (missing !== undefined) throw new Error(`${path}: its packages do not contain ${missing}`);
  return [...listing.matchAll(/ => (\S+) \(/g)]
    .map(([, found = ""]) => found)
    .filter((found) => found.startsWith(`${pool}/`))
    .map((found) => found.slice(pool.length));
}

/** False for a program that needs no library: the loader crashes if it is asked for the libraries of such a program. */
async function isDynamic(loader: string, program: string): Promise<boolean> {
  return runCommand(loader, ["--verify", program]).then(
    () => true,
    (error: unknown) => {
      if (error instanceof CommandFailed && error.exitCode !== null) return error.exitCode === 2; // a library
      throw error;
    },
  );
}

async function isElf(path: string): Promise<boolean> {
  if ((await stat(path)).isDirectory()) return false;
  return (await readFile(path)).subarray(0, 4).toString("latin1") === "\x7fELF";
}

/** Returns the target of a path's links. Throws if it is outside of the pool. */
async function inside(pool: string, path: string): Promise<string> {
  const real = await realpath(join(pool, path));
  if (!real.startsWith(`${pool}/`))
    throw new Error(`${path}: its link must stay inside the packages, got ${real}`);
  return real;
}
