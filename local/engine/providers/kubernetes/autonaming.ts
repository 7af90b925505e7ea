import { createHash, randomBytes } from "node:crypto";
import { Asset, Secret, Unknown } from "../../values/property-value.ts";
import type { Autonaming } from "../../provider.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";

export const AUTONAMED = "pulumi.com/autonamed";

/** The longest name that most kinds take. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const MAX_NAME_LENGTH = 253;

/** Kinds whose names are DNS labels, or become values of labels on their pods, with a suffix of their controller. */
const MAX_NAME_LENGTHS: Record<string, number> = {
  CronJob: 52,
  Job: 63,
  Namespace: 63,
  Service: 63,
  StatefulSet: 52,
};

export interface Naming {
  kind: string;
  resourceName: string;
  /** The same seed gives the same name. */
  randomSeed: Buffer;
  /** What the stack's config says. @default - `<resource>-<8 hex digits>` */
  autonaming?: Autonaming;
}

function asMap(value: PropertyValue | undefined): PropertyMap | undefined {
  const plain = value instanceof Secret ? value.value : value;
  if (plain === null || typeof plain !== "object" || Array.isArray(plain)) return undefined;
  return plain instanceof Unknown || plain instanceof Asset || plain instanceof Secret ? undefined : plain;
}

export function isAutonamed(inputs: PropertyMap): boolean {
  return asMap(asMap(inputs["metadata"])?.["annotations"])?.[AUTONAMED] === "true";
}

/**
 * Names an unnamed object: with the name that it was given before, else with the one that the stack's config proposes, else
 * with `<resource>-<8 hex digits>`. An object so named carries `pulumi.com/autonamed`. Metadata that is not known yet, or a
 * `generateName`, is left as it is. Undefined where the object needs a name and autonaming is disabled.
 */
export function assignName(
  inputs: PropertyMap,
  olds: PropertyMap | undefined,
  naming: Naming,
): PropertyMap | undefined {
  if (inputs["metadata"] instanceof Unknown) return inputs;
  const metadata = asMap(inputs["metadata"]) ?? {};
  const given = metadata["name"];
  if (given !== undefined && given !== null && given !== "") return inputs;
  if (metadata["generateName"] !== undefined && metadata["generateName"] !== null) return inputs;
  const oldName = olds !== undefined && isAutonamed(olds) ? asMap(olds["metadata"])?.["name"] : undefined;
  const name = typeof oldName === "string" ? oldName : freshName(naming);
  if (name === undefined) return undefined;
  const annotations = metadata["annotations"];
  const marked =
    annotations instanceof Unknown ? annotations : { ...asMap(annotations), [AUTONAMED]: "true" };
  return { ...inputs, metadata: { ...metadata, name, annotations: marked } };
}

function freshName({ kind, resourceName, randomSeed, autonaming }: Naming): string | undefined {
  const longest = MAX_NAME_LENGTHS[kind] ?? MAX_NAME_LENGTH;
  if (autonaming?.mode === "disable") return undefined;
  if (autonaming?.mode === "enforce") return autonaming.proposedName;
  if (autonaming !== undefined && autonaming.proposedName.length <= longest) return autonaming.proposedName;
  const digest =
    randomSeed.length === 0
      ? randomBytes(4).toString("hex")
      : createHash("sha512").update(randomSeed).update(resourceName).digest("hex").slice(0, 8);
  const wanted = autonaming?.proposedName ?? resourceName;
  const kept = wanted.length <= longest - 9 ? wanted : wanted.slice(0, longest - 9).replace(/[-.]+$/, "");
  return `${kept}-${digest}`;
}
