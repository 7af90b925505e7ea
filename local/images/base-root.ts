import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../run-command.ts";
import { recordPackage } from "./package-root.ts";
import type { PackagePool } from "./package-root.ts";

/** Packages of the base image. LightGBM's threads need libgomp. None of the packages has a shell. */
export const BASE_PACKAGES = [
  "base-files",
  "netbase",
  "tzdata",
  "ca-certificates",
  "libc6",
  "libgcc-s1",
  "libstdc++6",
  "libgomp1",
];

const ACCOUNTS = {
  "etc/passwd": [
    "root:x:0:0:root:/root:/sbin/nologin",
    "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin",
    "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin",
  ],
  "etc/group": ["root:x:0:", "tty:x:5:", "nobody:x:65534:", "nonroot:x:65532:"],
  "etc/nsswitch.conf": ["passwd: files", "group: files", "hosts: files dns", "services: files"],
};

/** Writes the root file system of the base image. Returns `name=version` of each package in it. */
export async function baseRoot(pool: PackagePool, root: string): Promise<string[]> {
  for (const folder of [
    "etc/ssl/certs",
    "home/nonroot",
    "proc",
    "sys",
    "dev",
    "run",
    "var/lib",
    "tmp",
    "var/tmp",
  ])
    await mkdir(join(root, folder), { recursive: true });
  for (const folder of ["tmp", "var/tmp"]) await chmod(join(root, folder), 0o1777);
  for (const merged of ["bin", "sbin", "lib", "lib64"]) {
    await mkdir(join(root, "usr", merged), { recursive: true });
    await symlink(`usr/${merged}`, join(root, merged));
  }
  await copyFilesOf(BASE_PACKAGES, pool, root);
  for (const [path, lines] of Object.entries(ACCOUNTS)) await write(root, path, `${lines.join("\n")}\n`);
  await write(root, "etc/ssl/certs/ca-certificates.crt", await certificates(pool.folder));
  await symlink("/usr/share/zoneinfo/Etc/UTC", join(root, "etc/localtime"));
  for (const name of BASE_PACKAGES) await recordPackage(pool, name, root);
  return BASE_PACKAGES.map((name) => `${name}=${pool.versions[name]}`);
}

/** Copies all files of some packages. */
export async function copyFilesOf(
  packages: readonly string[],
  pool: PackagePool,
  root: string,
): Promise<void> {
  const paths = [...pool.owners].filter(([, owner]) => packages.includes(owner)).map(([path]) => `.${path}`);
  const script =
    'tar --create --directory "$1" --no-recursion --files-from - | tar --extract --directory "$2"';
  const input = `${paths.sort().join("\n")}\n`;
  await runCommand("bash", ["-o", "pipefail", "-c", script, "copy", pool.folder, root], { input });
}

/** Returns every authority that Mozilla trusts, in one text, as update-ca-certificates writes it. */
async function certificates(pool: string): Promise<string> {
  const folder = join(pool, "usr/share/ca-certificates/mozilla");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".crt")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  if (texts.length === 0) throw new Error("ca-certificates: must contain authorities, found none");
  return texts.map((text) => `${text.trimEnd()}\n`).join("");
}

async function write(root: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
