import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import { runCommand } from "../run-command.ts";
import { contentKey } from "./content-key.ts";

const LISTS = "/var/lib/apt/lists";
/** Paths that no image needs: they are left out when packages are unpacked. Copyright files stay. */
const UNWANTED = [
  "./usr/share/man",
  "./usr/share/locale",
  "./usr/share/lintian",
  "./usr/share/perl*",
  "./usr/share/bash-completion",
  "./usr/share/doc/*/[!c]*",
  "./usr/share/doc/*/changelog*",
  "./usr/share/zoneinfo/posix",
  "./usr/share/zoneinfo/right",
  "./usr/lib/*/gconv",
  "./usr/lib/*/perl*",
  "./usr/share/gcc",
  "./usr/share/javascript/moment-timezone/data",
];

/** Packages that only an installation needs. They are left out because they are large and no image installs anything. */
const INSTALL_TIME = /^(perl|libperl|dpkg$|tar$|passwd$|adduser$|debconf|usrmerge|libdb5|libpam)|-perl$/;

/** Versions by package name. */
export type PackageVersions = Readonly<Record<string, string>>;

/**
 * Returns the packages that apt would install for `names` on an empty system, with the versions in this machine's package lists.
 * They are resolved again only when the lists have changed, so that images change only with updates of Debian.
 */
export async function resolvePackages(names: readonly string[]): Promise<PackageVersions> {
  // One file for each list of names: two lists in turn would resolve again each time.
  const memo = cache("images", `debian-packages-${contentKey({ names: names.join(" ") })}.json`);
  const key = contentKey({ names: names.join(" "), lists: await listsStamp() });
  const known = await readFile(memo, "utf8").then(
    (text) => JSON.parse(text) as { key: string; versions: PackageVersions },
    () => undefined,
  );
  if (known?.key === key) return known.versions;
  const plan = await apt("--simulate", names);
  const versions: Record<string, string> = {};
  for (const [, name = "", version = ""] of plan.matchAll(/^Inst (\S+) \((\S+) /gm)) versions[name] = version;
  // The call may have fetched the lists, so the stamp is computed again.
  const fresh = contentKey({ names: names.join(" "), lists: await listsStamp() });
  await writeFile(memo, JSON.stringify({ key: fresh, versions }));
  return versions;
}

/** The package of each file: absolute path in the unpacked tree → package name. */
export type FileOwners = ReadonlyMap<string, string>;

/** Downloads `names` with all their dependencies and unpacks them into `folder`, which has Debian's merged /usr. */
export async function unpackPackages(names: readonly string[], folder: string): Promise<FileOwners> {
  const versions = await resolvePackages(names);
  await apt("--download-only", names);
  for (const merged of ["bin", "sbin", "lib", "lib64"]) await linkIntoUsr(folder, merged);
  const owners = new Map<string, string>();
  for (const name of Object.keys(versions).filter((name) => !INSTALL_TIME.test(name))) {
    const listing = await unpackOne(await archiveOf(name, versions[name] ?? ""), folder);
    for (const path of listing) owners.set(path, name);
  }
  return owners;
}

/** Returns the path of a package's downloaded archive. The colon of an epoch is `%3a` in the file name. */
export async function archiveOf(name: string, version: string): Promise<string> {
  const start = `${name}_${version.replaceAll(":", "%3a")}_`;
  const file = (await readdir(archives())).find((entry) => entry.startsWith(start));
  if (file === undefined) throw new Error(`apt downloaded no ${name} ${version} into ${archives()}`);
  return join(archives(), file);
}

async function unpackOne(archive: string, folder: string): Promise<string[]> {
  const script =
    'dpkg-deb --fsys-tarfile "$1" | tar --extract --verbose --keep-directory-symlink --directory "$2" "${@:3}"';
  const exclude = UNWANTED.map((pattern) => `--exclude=${pattern}`);
  const listing = await runCommand("bash", [
    "-o",
    "pipefail",
    "-c",
    script,
    "unpack",
    archive,
    folder,
    ...exclude,
  ]);
  return listing
    .split("\n")
    .filter((line) => line !== "" && !line.endsWith("/"))
    .map((line) => line.replace(/^\.\/(?=(bin|sbin|lib|lib64)\/)/, "/usr/").replace(/^\.\//, "/"));
}

async function linkIntoUsr(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, "usr", name), { recursive: true });
  await runCommand("ln", ["-sfn", `usr/${name}`, join(folder, name)]);
}

const archives = (): string => cache("images", "debs");

/** Runs apt as on a system where nothing is installed: it plans or downloads `names` with all their dependencies. */
async function apt(mode: "--simulate" | "--download-only", names: readonly string[]): Promise<string> {
  await mkdir(join(archives(), "partial"), { recursive: true });
  const status = cache("images", "empty-dpkg-status");
  await writeFile(status, "");
  const options = {
    "Dir::State::status": status,
    "Dir::Cache::archives": archives(),
    "Debug::NoLocking": "1",
  };
  const flags = Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const args = ["install", "-qq", "-y", "--no-install-recommends", mode, ...flags, ...names];
  try {
    return await runCommand("apt-get", args);
  } catch {
    // The lists are missing or too old. If it fails again after an update, that error is reported.
    await runCommand("apt-get", ["update"]);
    return runCommand("apt-get", args);
  }
}

/** Returns a text of the names, sizes and times of apt's package lists. */
async function listsStamp(): Promise<string> {
  const names = await readdir(LISTS).catch(() => []);
  const lines = names.sort().map(async (name) => {
    const { size, mtimeMs } = await stat(join(LISTS, name));
    return name.includes("Packages") || name.endsWith("InRelease") ? `${name} ${size} ${mtimeMs}` : "";
  });
  return (await Promise.all(lines)).join("\n");
}
