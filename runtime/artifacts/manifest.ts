import { z } from "zod";
import { digestSchema } from "../contract/artifact-reference.ts";
import { ARTIFACT_KINDS } from "../contract/artifact-kind.ts";
import type { ArtifactKind } from "../contract/artifact-kind.ts";
import { Corrupt } from "../errors.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
/** Docker's media types for the same formats. @see https://distribution.github.io/distribution/spec/manifest-v2-2/ */
export const DOCKER_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
export const DOCKER_INDEX_TYPE = "application/vnd.docker.distribution.manifest.list.v2+json";
export const TITLE = "org.opencontainers.image.title";
/** The blob `{}` that stands for "no config". @see https://github.com/opencontainers/image-spec/blob/main/manifest.md */
export const EMPTY_CONFIG = {
  mediaType: "application/vnd.oci.empty.v1+json",
  digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  size: 2,
} as const;

export const descriptorSchema = z.looseObject({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.int().min(0),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Descriptor = z.infer<typeof descriptorSchema>;

export const manifestSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.literal(MANIFEST_TYPE),
  artifactType: z.string(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
  subject: descriptorSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface ArtifactFile {
  name: string;
  digest: string;
  size: number;
}

export interface ManifestContent {
  kind: ArtifactKind;
  files: readonly ArtifactFile[];
  annotations?: Readonly<Record<string, string>>;
  /** The manifest that this one refers to. */
  subject?: { digest: string; size: number };
}

/** Returns the bytes of an artifact's manifest. The same content gives the same bytes: it is sorted and has no time of day. */
export function manifestBytes(content: ManifestContent): Buffer {
  const byName = [...content.files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const annotations = Object.entries(content.annotations ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: ARTIFACT_KINDS[content.kind],
    config: { ...EMPTY_CONFIG },
    layers: byName.map(({ name, digest, size }) => ({
      mediaType: mediaTypeOf(name),
      digest,
      size,
      annotations: { [TITLE]: safeName(name) },
    })),
    ...(content.subject === undefined ? {} : { subject: { mediaType: MANIFEST_TYPE, ...content.subject } }),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
  };
  return Buffer.from(JSON.stringify(manifest));
}

/** Returns the files of a manifest. Throws Corrupt if a name is missing, occurs twice or leads out of the folder. */
export function manifestFiles(manifest: Manifest): ArtifactFile[] {
  const seen = new Set<string>();
  const files = manifest.layers.map(({ digest, size, annotations }) => {
    const name = safeName(annotations?.[TITLE] ?? "");
    if (seen.has(name)) throw new Corrupt(`artifact: file names must differ, got ${name} twice`);
    seen.add(name);
    return { name, digest, size };
  });
  for (const name of seen)
    for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1))
      if (seen.has(name.slice(0, at)))
        throw new Corrupt(`artifact: ${name.slice(0, at)} must be a file or a folder, it is both`);
  return files;
}

/** Longest name that file systems accept. */
const MAX_NAME_BYTES = 255;

/** Returns a relative path that stays inside of its folder. Throws Corrupt for any other name. */
function safeName(name: string): string {
  const parts = name.split("/");
  if (parts.some((part) => Buffer.byteLength(part) > MAX_NAME_BYTES))
    throw new Corrupt(
      `artifact: a file name must have at most ${MAX_NAME_BYTES} bytes, got ${name.slice(0, 40)}…`,
    );
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (parts.some((part) => part === "" || part === "." || part === "..") || /[\\\x00-\x1f]/.test(name))
    throw new Corrupt(`artifact: a file name must stay inside the artifact, got ${JSON.stringify(name)}`);
  return name;
}

function mediaTypeOf(name: string): string {
  if (name.endsWith(".json")) return "application/json";
  if (name.endsWith(".parquet")) return "application/vnd.apache.parquet";
  if (name.endsWith(".txt")) return "text/plain";
  return "application/octet-stream";
}
