import { chmod, copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Progress } from "../progress.ts";
import { npmPackage } from "../tools/npm-package.ts";
import { wheel } from "../tools/python-package.ts";
import { bundleRuntime } from "./bundle-runtime.ts";
import type { BundleFile } from "./bundle-runtime.ts";
import { contentKey } from "./content-key.ts";
import { LIGHTGBM, NODE } from "./pins.ts";

/** Of each package with native code, and of those it loads, what the image's platform needs. */
const NATIVE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "onnxruntime-node": ["dist", "bin/napi-v6/linux/x64"],
  "onnxruntime-common": ["dist/cjs", "dist/esm"],
  koffi: ["LICENSE.txt", "index.js", "index.cjs", "src/koffi"],
  "@koromix/koffi-linux-x64": ["index.js", "linux_x64"],
  "@duckdb/node-api": ["lib"],
  "@duckdb/node-bindings": ["LICENSE", "duckdb.js"],
  "@duckdb/node-bindings-linux-x64": ["duckdb.node", "libduckdb.so"],
};
const NEEDLESS = /\.(d\.ts|map|cc|hh|txt|ts)$/;

export interface RuntimeContext {
  /** Names what `stage` would write. */
  key: string;
  /** What went in, with pins. */
  source: string;
  /** Writes the build context of runtime/Dockerfile to an empty folder: `node`, `node_modules`, `lib`, `dist`. */
  stage(folder: string): Promise<void>;
}

/** Bundles the runtime of the checkout at `root`. What takes longer is done when staged. */
export async function runtimeContext(progress: Progress, root: string): Promise<RuntimeContext> {
  const bundle = await bundleRuntime(root);
  const versions: Record<string, string> = {};
  for (const name of Object.keys(NATIVE_PACKAGES)) versions[name] = await versionOf(root, name);
  const bytes = Object.fromEntries(
    bundle.map((file) => [file.name, Buffer.from(file.bytes).toString("base64")]),
  );
  return {
    key: contentKey({
      bundle: contentKey(bytes),
      packages: JSON.stringify([NATIVE_PACKAGES, NEEDLESS.source, versions]),
      node: NODE.integrity,
      lightgbm: LIGHTGBM.sha256,
    }),
    source: [
      `${NODE.name}@${NODE.version}`,
      ...Object.entries(versions).map(([name, version]) => `${name}@${version}`),
      `${LIGHTGBM.name}==${LIGHTGBM.version}`,
    ].join(" "),
    async stage(folder) {
      const node = join(await npmPackage(progress, NODE), "bin/node");
      await copyFile(node, join(folder, "node"));
      await chmod(join(folder, "node"), 0o755);
      await copyNative(root, join(folder, "node_modules"));
      await mkdir(join(folder, "lib"));
      const library = await wheel(progress, { ...LIGHTGBM, file: "lightgbm/lib/lib_lightgbm.so" });
      await copyFile(library, join(folder, "lib/lib_lightgbm.so"));
      await writeBundle(bundle, join(folder, "dist"));
    },
  };
}

async function copyNative(root: string, target: string): Promise<void> {
  for (const [name, paths] of Object.entries(NATIVE_PACKAGES))
    for (const path of ["package.json", ...paths])
      await cp(join(root, "node_modules", name, path), join(target, name, path), {
        recursive: true,
        dereference: true,
        filter: (file) => file.endsWith("LICENSE.txt") || !NEEDLESS.test(file),
      });
}

async function writeBundle(bundle: readonly BundleFile[], folder: string): Promise<void> {
  for (const { name, bytes } of bundle) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  // Node reads .js files as ES modules only where a package.json says so.
  await writeFile(join(folder, "package.json"), `${JSON.stringify({ name: "slipway", type: "module" })}\n`);
}

async function versionOf(root: string, name: string): Promise<string> {
  const path = join(root, "node_modules", name, "package.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw new Error(`${name}: must be installed for linux-x64; run npm ci`);
  return (JSON.parse(text) as { version: string }).version;
}
