import { z } from "zod";
import { Secret, Unknown } from "../../values/property-value.ts";
import type { PropertyMap } from "../../values/property-value.ts";

const flag = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")])
  .default(false);

const schema = z.object({
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  deleteUnreachable: flag,
  skipUpdateUnreachable: flag,
  enableConfigMapMutable: flag,
  enableSecretMutable: flag,
  enablePatchForce: flag,
  upsertExistingObjects: flag,
});

/** The inputs of `pulumi:providers:kubernetes`, with pulumi-kubernetes' defaults. */
export type ProviderConfig = z.infer<typeof schema>;

const IGNORED = [
  "kubeClientSettings",
  "helmReleaseSettings",
  "clusterIdentifier",
  "suppressDeprecationWarnings",
];
const NOT_SUPPORTED: Record<string, string> = {
  renderYamlToDirectory:
    "rendering manifests instead of deploying is not supported; unset it, or use the pulumi CLI",
};

/**
 * Reads the provider's inputs. A value that is not known yet (a kubeconfig that the same run makes) is left out and named
 * in `unknown`. Throws on options that the offline engine cannot honour.
 */
export function parseProviderConfig(config: PropertyMap): { config: ProviderConfig; unknown: string[] } {
  const unknown: string[] = [];
  const known: Record<string, unknown> = {};
  for (const [key, wrapped] of Object.entries(config)) {
    const value = wrapped instanceof Secret ? wrapped.value : wrapped;
    if (value === null || IGNORED.includes(key)) continue;
    if (value instanceof Unknown) unknown.push(key);
    else if (NOT_SUPPORTED[key] !== undefined && value !== "")
      throw new Error(`kubernetes provider: ${key}: ${NOT_SUPPORTED[key]}`);
    else if (key === "enableServerSideApply" && (value === false || value === "false"))
      throw new Error(
        "kubernetes provider: enableServerSideApply must be true, got false; the offline engine only applies on the server side",
      );
    else known[key] = value;
  }
  const result = schema.safeParse(known);
  if (result.success) return { config: result.data, unknown };
  const [issue] = result.error.issues;
  throw new Error(
    `kubernetes provider: ${issue?.path.join(".") ?? "config"}: ${issue?.message ?? "invalid"}`,
  );
}
