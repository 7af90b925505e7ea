import { ARTIFACT_KINDS, type ArtifactKind } from "./artifact-kind.ts";

/** Tag of the newest artifact of its kind. */
export const LATEST = "latest";

/** Tags of a model's versions. Promotion moves them; training alone never does. */
export const MODEL_ALIASES = ["challenger", "champion"] as const;
export type ModelAlias = (typeof MODEL_ALIASES)[number];

/** Tags that may be moved to another artifact. Every other tag is permanent, and a registry may refuse to move it. */
export const MOVING_TAGS: Readonly<Record<ArtifactKind, readonly string[]>> = {
  definition: [],
  source: [LATEST],
  dataset: [LATEST],
  features: [LATEST],
  candidate: [LATEST],
  evaluation: [LATEST],
  model: [LATEST, ...MODEL_ALIASES],
  validation: [LATEST],
  drift: [LATEST],
};

/** Returns the moving tags of a repository by the last part of its name; none for a repository of images. */
export function movingTagsOf(repository: string): readonly string[] {
  const kind = repository.slice(repository.lastIndexOf("/") + 1);
  return Object.hasOwn(ARTIFACT_KINDS, kind) ? MOVING_TAGS[kind as ArtifactKind] : [];
}
