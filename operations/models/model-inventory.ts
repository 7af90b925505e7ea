import { z } from "zod";
import { inParallel } from "../../runtime/artifacts/in-parallel.ts";
import { manifestSchema } from "../../runtime/artifacts/manifest.ts";
import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { evaluationSchema } from "../../runtime/contract/evaluation.ts";
import { featureTableManifestSchema } from "../../runtime/contract/feature.ts";
import { modelCardSchema, type ModelCard } from "../../runtime/contract/model-card.ts";
import { registrationSchema } from "../../runtime/contract/registration.ts";
import { trainingRecordSchema } from "../../runtime/contract/training-record.ts";
import { describeError } from "../../runtime/errors.ts";

/** Data sets of older versions have other tables. */
const ANY_DATASET = z.looseObject({ workload: z.string() });

/** Kinds of artifacts from which a model is made, and the model itself. */
export const INVENTORY_KINDS = ["dataset", "features", "candidate", "evaluation", "model"] as const;
export type InventoryKind = (typeof INVENTORY_KINDS)[number];

/** An artifact in the registry. */
export interface InventoryItem {
  /** `<repository>@<digest>` */
  reference: string;
  repository: string;
  digest: string;
  kind: InventoryKind;
  tags: string[];
  /** Bytes of its files. Files that several artifacts share count for each. */
  bytes: number;
  /** References of the artifacts from which it was made. */
  madeFrom: string[];
  /** Time of its annotation `org.opencontainers.image.created`. @default - artifacts of Slipway have no time of day */
  made?: string;
  /** Of a model. */
  card?: ModelCard;
  /** Why its JSON cannot be read: it is listed, and never removed on its own. */
  unreadable?: string;
}

const CREATED = "org.opencontainers.image.created";
const AT_ONCE = 8;

/** Returns the kind of a repository such as `loans/repaid/model`; undefined for one of another kind, or of images. */
export function inventoryKind(repository: string): InventoryKind | undefined {
  const parts = repository.split("/");
  const kind = INVENTORY_KINDS.find((each) => each === parts.at(-1));
  return kind !== undefined && parts.length === (kind === "dataset" ? 2 : 3) ? kind : undefined;
}

/** Reads every tagged artifact of some repositories. What has no tag cannot be listed. */
export async function readInventory(
  registry: RegistryClient,
  repositories: readonly string[],
): Promise<InventoryItem[]> {
  const items = new Map<string, InventoryItem>();
  await inParallel(repositories, AT_ONCE, async (repository) => {
    const kind = inventoryKind(repository);
    if (kind === undefined) return;
    for (const tag of await registry.listTags(repository)) {
      const raw = await registry.getManifest(repository, tag);
      if (raw === undefined) continue;
      const reference = `${repository}@${raw.digest}`;
      const known = items.get(reference);
      if (known !== undefined) known.tags.push(tag);
      else
        items.set(
          reference,
          await itemOf(registry, { reference, repository, digest: raw.digest, kind, tags: [tag] }, raw.bytes),
        );
    }
  });
  return [...items.values()].sort((a, b) => (a.reference < b.reference ? -1 : 1));
}

async function itemOf(
  registry: RegistryClient,
  item: Pick<InventoryItem, "reference" | "repository" | "digest" | "kind" | "tags">,
  bytes: Buffer,
): Promise<InventoryItem> {
  const manifest = manifestSchema.safeParse(JSON.parse(bytes.toString()));
  if (!manifest.success)
    return { ...item, bytes: 0, madeFrom: [], unreadable: "it is no artifact of Slipway" };
  const made = manifest.data.annotations?.[CREATED];
  const common = {
    ...item,
    bytes: manifest.data.layers.reduce((sum, { size }) => sum + size, 0),
    ...(made === undefined ? {} : { made }),
  };
  const isBound = manifest.data.layers.some(({ annotations }) =>
    Object.values(annotations ?? {}).includes("training.json"),
  );
  try {
    return { ...common, ...(await lineageOf(registry, item, isBound)) };
  } catch (error) {
    return { ...common, madeFrom: [], unreadable: describeError(error) };
  }
}

async function lineageOf(
  registry: RegistryClient,
  { reference, kind }: Pick<InventoryItem, "reference" | "kind">,
  isBound: boolean,
): Promise<Pick<InventoryItem, "madeFrom" | "card">> {
  if (kind === "dataset") {
    await readArtifactJson(registry, reference, kind, "dataset.json", ANY_DATASET);
    return { madeFrom: [] };
  }
  if (kind === "features") {
    const { dataset } = await readArtifactJson(
      registry,
      reference,
      kind,
      "features.json",
      featureTableManifestSchema,
    );
    return { madeFrom: [dataset] };
  }
  if (kind === "candidate") {
    if (!isBound) {
      await readArtifactJson(registry, reference, kind, "registration.json", registrationSchema);
      return { madeFrom: [] };
    }
    const { features } = await readArtifactJson(
      registry,
      reference,
      kind,
      "training.json",
      trainingRecordSchema,
    );
    return { madeFrom: [features] };
  }
  if (kind === "evaluation") {
    const { candidate, features } = await readArtifactJson(
      registry,
      reference,
      kind,
      "evaluation.json",
      evaluationSchema,
    );
    return { madeFrom: [candidate, features] };
  }
  const card = await readArtifactJson(registry, reference, kind, "model-card.json", modelCardSchema);
  const { dataset, features, candidate, evaluation } = card.lineage;
  return { madeFrom: [dataset, features, candidate, evaluation], card };
}
