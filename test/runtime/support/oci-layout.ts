import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOf } from "../../../runtime/artifacts/digest.ts";

/** Writes an artifact as an OCI image layout. */
export async function writeLayout(
  directory: string,
  { manifest, blobs }: { manifest: Uint8Array; blobs: ReadonlyMap<string, Uint8Array> },
): Promise<void> {
  for (const [digest, bytes] of [...blobs, [digestOf(manifest), manifest] as const]) {
    const path = join(directory, "blobs", ...digest.split(":"));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  await writeFile(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}
