import { chmod, copyFile, link, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Progress } from "../progress.ts";
import { npmPackage, type NpmPackagePin } from "../tools/npm-package.ts";
import { wheel, type PythonPackagePin } from "../tools/python-package.ts";
import { bundleRuntime } from "./bundle-runtime.ts";
import type { BundleFile } from "./bundle-runtime.ts";
import { contentKey } from "./content-key.ts";
import { ARM64, LIGHTGBM, NODE } from "./pins.ts";
import { fixModes } from "./fix-modes.ts";

/** Architecture of an image, as Node names it. */
export const ARCHITECTURES = ["x64", "arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Files that the image's platform needs from each package with native code, and from the packages that it loads. */
const nativePackages = (arch: Architecture): Readonly<Record<string, readonly string[]>> => ({
  "onnxruntime-node": ["dist", `bin/napi-v6/linux/${arch}`],
  "onnxruntime-common": ["dist/cjs", "dist/esm"],
  koffi: ["LICENSE.txt", "index.js", "index.cjs", "src/koffi"],
  [`@koromix/koffi-linux-${arch}`]: ["index.js", `linux_${arch}`],
  "@duckdb/node-api": ["lib"],
  "@duckdb/node-bindings": ["LICENSE", "duckdb.js"],
  [`@duckdb/node-bindings-linux-${arch}`]: ["duckdb.node", "libduckdb.so"],
});
const NEEDLESS = /\.(d\.ts|map|cc|hh|txt|ts)$/;

export interface RuntimeContext {
  /** Revision of the image's code, a hash of what `stage` would write. A commit that does not change the code keeps it. */
  key: string;
  /** Text with the versions of the contents. */
  source: string;
  /** Writes the build context of runtime/Dockerfile to an empty folder: `node`, `node_modules`, `lib`, `dist`. */
  stage(folder: string): Promise<void>;
}

/** Bundles the runtime of the checkout at `root`. `stage` does the slower work. An image for arm64 has another revision than one for x64. */
export async function runtimeContext(
  progress: Progress,
  root: string,
  arch: Architecture = "x64",
): Promise<RuntimeContext> {
  const bundle = await bundleRuntime(root);
  const packages = nativePackages(arch);
  const { node: nodePin, lightgbm, fetched } = pinsOf(arch);
  const versions: Record<string, string> = {};
  for (const name of Object.keys(packages))
    versions[name] = fetched[name]?.version ?? (await versionOf(root, name));
  const bytes = Object.fromEntries(
    bundle.map((file) => [file.name, Buffer.from(file.bytes).toString("base64")]),
  );
  const key = contentKey({
    bundle: contentKey(bytes),
    packages: JSON.stringify([packages, NEEDLESS.source, versions]),
    node: nodePin.integrity,
    lightgbm: lightgbm.sha256,
  });
  return {
    key,
    source: [
      `${nodePin.name}@${nodePin.version}`,
      ...Object.entries(versions).map(([name, version]) => `${name}@${version}`),
      `${lightgbm.name}==${lightgbm.version}`,
    ].join(" "),
    async stage(folder) {
      const node = join(await npmPackage(progress, nodePin), "bin/node");
      await chmod(node, 0o755);
      await linkOrCopy(node, join(folder, "node"));
      for (const [name, paths] of Object.entries(packages)) {
        const pin = fetched[name];
        const from =
          pin === undefined ? join(root, "node_modules", name) : await npmPackage(progress, { name, ...pin });
        for (const path of ["package.json", ...paths])
          await linkOrCopy(join(from, path), join(folder, "node_modules", name, path));
      }
      const library = await wheel(progress, { ...lightgbm, file: "lightgbm/lib/lib_lightgbm.so" });
      await linkOrCopy(library, join(folder, "lib/lib_lightgbm.so"));
      await writeBundle(bundle, { revision: key, arch }, join(folder, "dist"));
      await fixModes(folder);
    },
  };
}

interface ArchitecturePins {
  node: NpmPackagePin;
  lightgbm: PythonPackagePin;
  /** Packages that npm does not install on this machine, by name. */
  fetched: Readonly<Record<string, Omit<NpmPackagePin, "name">>>;
}

const pinsOf = (arch: Architecture): ArchitecturePins =>
  arch === "x64"
    ? { node: NODE, lightgbm: LIGHTGBM, fetched: {} }
    : { node: ARM64.node, lightgbm: ARM64.lightgbm, fetched: ARM64.packages };

/** Links a file, or the files of a folder, because they are large; copies them if the disks differ. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  if ((await stat(from)).isDirectory()) {
    const needed = (await readdir(from)).filter((name) => !NEEDLESS.test(name));
    for (const name of needed) await linkOrCopy(join(from, name), join(to, name));
    return;
  }
  await mkdir(dirname(to), { recursive: true });
  await link(from, to).catch(() => copyFile(from, to));
}

async function writeBundle(
  bundle: readonly BundleFile[],
  { revision, arch }: { revision: string; arch: Architecture },
  folder: string,
): Promise<void> {
  for (const { name, bytes } of bundle) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  // Node reads .js files as ES modules only if a package.json says so. A stack that builds the image itself reads the revision
  // and the architecture from this file; without one it is amd64.
  const architecture = arch === "arm64" ? { architecture: arch } : {};
  const manifest = { name: "slipway", type: "module", revision, ...architecture };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest)}\n`);
}

async function versionOf(root: string, name: string): Promise<string> {
  const path = join(root, "node_modules", name, "package.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw new Error(`${name}: must be installed for linux-x64; run npm ci`);
  return (JSON.parse(text) as { version: string }).version;
}
