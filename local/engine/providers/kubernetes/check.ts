import { Asset, Secret, Unknown } from "../../values/property-value.ts";
import type { Autonaming, CheckFailure, ProviderContext } from "../../provider.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";
import { assignName } from "./autonaming.ts";
import { hasUnknown, toKubeObject, withDashedKeys } from "./kube-object.ts";
import { withDataOnly, withSecretData } from "./secret-data.ts";
import { SERVER_METADATA } from "./server-metadata.ts";
import type { Session } from "./session.ts";
import { parseTypeToken } from "./tokens.ts";
import type { TypeToken } from "./tokens.ts";

/** Validates inputs as far as it takes no schema, names the object and puts it in the default namespace. */
export async function checkInputs(
  session: Session,
  context: ProviderContext,
  olds: PropertyMap | undefined,
  news: PropertyMap,
  { randomSeed, autonaming }: { randomSeed: Buffer; autonaming?: Autonaming },
): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
  if (session.unreachable !== undefined && session.config.skipUpdateUnreachable) {
    context.log("warning", `${session.unreachable}; skipUpdateUnreachable is set, so nothing changes`);
    return { inputs: olds ?? news, failures: [] };
  }
  const token = parseTypeToken(context.type, typeof news["kind"] === "string" ? news["kind"] : undefined);
  const given: PropertyMap = { apiVersion: token.apiVersion, kind: token.kind, ...asMap(dropNulls(news)) };
  const failures = shapeFailures(given, token);
  if (failures.length > 0) return { inputs: given, failures };
  const named = token.patch
    ? given
    : assignName(given, olds, { kind: token.kind, resourceName: context.name, randomSeed, autonaming });
  if (named === undefined)
    return {
      inputs: given,
      failures: [
        {
          property: "metadata.name",
          reason: "must be set: pulumi:autonaming is disabled in the stack's config",
        },
      ],
    };
  const inputs = withSecretData(withDataOnly(withDashedKeys(await inNamespace(session, named))));
  if (!hasUnknown(inputs)) session.discovery.declare(toKubeObject(inputs));
  return { inputs, failures: [] };
}

function shapeFailures(inputs: PropertyMap, token: TypeToken): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string): unknown => failures.push({ property, reason });
  for (const key of ["apiVersion", "kind"] as const) {
    const value = inputs[key];
    if (value instanceof Unknown || value === token[key]) continue;
    fail(key, `must be ${token[key]} for this resource, got ${JSON.stringify(value)}`);
  }
  const metadata = inputs["metadata"];
  if (metadata instanceof Unknown) return failures;
  if (metadata !== undefined && asMap(metadata) === undefined) {
    fail("metadata", `must be an object, got ${JSON.stringify(metadata)}`);
    return failures;
  }
  const fields = asMap(metadata) ?? {};
  for (const key of ["name", "namespace"])
    if (fields[key] !== undefined && typeof fields[key] !== "string" && !(fields[key] instanceof Unknown))
      fail(`metadata.${key}`, `must be text, got ${JSON.stringify(fields[key])}`);
  if (fields["generateName"] !== undefined)
    fail(
      "metadata.generateName",
      "is not supported with server-side apply; leave the name out to get a unique one",
    );
  if (token.patch && fields["name"] === undefined)
    fail("metadata.name", "must be set on a Patch resource: it names the object to patch");
  for (const key of ["labels", "annotations"])
    for (const [name, value] of Object.entries(asMap(fields[key]) ?? {}))
      if (typeof value !== "string" && !(value instanceof Unknown))
        fail(`metadata.${key}["${name}"]`, `must be text, got ${JSON.stringify(value)}; put it in quotes`);
  return failures;
}

async function inNamespace(session: Session, inputs: PropertyMap): Promise<PropertyMap> {
  const metadata = asMap(inputs["metadata"]);
  const { apiVersion, kind } = inputs;
  if (metadata === undefined || typeof apiVersion !== "string" || typeof kind !== "string") return inputs;
  // A program that copies a live object must not send back what the server wrote.
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER_METADATA.includes(key)));
  const { namespace, ...withoutNamespace } = kept;
  const isNamespaced = await session.discovery.isNamespaced(apiVersion, kind);
  const isGiven = namespace !== undefined && namespace !== "";
  return {
    ...inputs,
    metadata: isNamespaced
      ? { ...withoutNamespace, namespace: isGiven ? namespace : session.namespace }
      : withoutNamespace,
  };
}

function asMap(value: PropertyValue | undefined): PropertyMap | undefined {
  if (value instanceof Secret) return asMap(value.value);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return value instanceof Unknown || value instanceof Asset ? undefined : value;
}

/** Leaves out what is null, in lists too: `env: [debug ? variable : null]` has one item less. */
function dropNulls(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(dropNulls);
  const map = asMap(value);
  if (map === undefined || value instanceof Secret) return value;
  const entries = Object.entries(map).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, dropNulls(item)]));
}
