import { ARTIFACT_KINDS, type ArtifactKind } from "./artifact-kind.ts";

/** The newest artifact of its kind that a run made. */
export const LATEST = "latest";

/** Tags of a model's versions, moved by promotion, never by training alone. */
export const MODEL_ALIASES = ["challenger", "champion"] as const;
export type ModelAlias = (typeof MODEL_ALIASES)[number];

/** Tags that point at another artifact later. Every other tag means the same for ever, and a registry may refuse to move it. */
export const MOVING_TAGS: Readonly<Record<ArtifactKind, readonly string[]>> = {
  source: [],
  dataset: [LATEST],
  features: [LATEST],
  candidate: [LATEST],
  evaluation: [LATEST],
  model: [LATEST, ...MODEL_ALIASES],
  validation: [LATEST],
  drift: [LATEST],
};

/** The moving tags of a repository of artifacts, by the last part of its name; none for a repository of images. */
export function movingTagsOf(repository: string): readonly string[] {
  const kind = repository.slice(repository.lastIndexOf("/") + 1);
  return Object.hasOwn(ARTIFACT_KINDS, kind) ? MOVING_TAGS[kind as ArtifactKind] : [];
}
