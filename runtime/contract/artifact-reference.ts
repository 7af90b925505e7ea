import { z } from "zod";

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const REPOSITORY = /^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

export const digestSchema = z.string().regex(DIGEST, "must be sha256:<64 hex digits>");
export const repositorySchema = z
  .string()
  .regex(REPOSITORY, "must be an OCI repository name, such as flight-delays/dataset");

/** `<repository>@sha256:<hex>`, without a registry host: it names the same artifact in every registry. */
export const artifactReferenceSchema = z.string().refine((text) => {
  const at = text.indexOf("@");
  return at > 0 && REPOSITORY.test(text.slice(0, at)) && DIGEST.test(text.slice(at + 1));
}, "must be <repository>@sha256:<64 hex digits>");

export interface ArtifactReference {
  repository: string;
  /** `sha256:<64 hex digits>` of the artifact's manifest. */
  digest: string;
}

/** Parses a reference. Throws a ZodError with the rule if `text` is not one. */
export function parseArtifactReference(text: string): ArtifactReference {
  const valid = artifactReferenceSchema.parse(text);
  const at = valid.indexOf("@");
  return { repository: valid.slice(0, at), digest: valid.slice(at + 1) };
}

export function formatArtifactReference(reference: ArtifactReference): string {
  return `${reference.repository}@${reference.digest}`;
}
