import { join, relative } from "node:path";
import { build } from "esbuild";

/** Packages with native code: they are not bundled, but installed in node_modules beside the bundle. */
export const EXTERNAL_PACKAGES = ["onnxruntime-node", "koffi", "@duckdb/node-api"];

/** Defines names that CommonJS packages expect and an ES module lacks. */
const COMMONJS = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** A file of the bundle: its name relative to the bundle's folder, and its bytes. */
export interface BundleFile {
  name: string;
  bytes: Uint8Array;
}

/**
 * Bundles `runtime/main.ts` of the checkout at `root` to `main.js`, and modules that are loaded on demand to separate chunks. The
 * same sources give the same bytes.
 */
export async function bundleRuntime(root: string): Promise<BundleFile[]> {
  const outdir = join(root, "dist");
  const result = await build({
    absWorkingDir: root,
    entryPoints: [{ in: "runtime/main.ts", out: "main" }],
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node24",
    external: EXTERNAL_PACKAGES,
    banner: { js: COMMONJS },
    keepNames: true,
    legalComments: "linked",
    write: false,
    logLevel: "silent",
  });
  return result.outputFiles
    .map(({ path, contents }) => ({ name: relative(outdir, path), bytes: contents }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
