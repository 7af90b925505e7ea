import type { types } from "@pulumi/kubernetes";

type DefinitionSpec = types.input.apiextensions.v1.CustomResourceDefinitionSpec;
type Schema = types.input.apiextensions.v1.JSONSchemaProps;

/** API version of SecretStore and ExternalSecret. */
export const EXTERNAL_SECRETS_API = "external-secrets.io/v1";

/** An object whose fields only the operator checks. */
const anyObject: Schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };
const text: Schema = { type: "string" };

/**
 * Custom resource definitions of External Secrets Operator 2 by name. They have only the fields that `ExternalSecrets` sets, and the
 * defaults without which the operator refuses a reference. The published definitions also describe each of its thirty other stores and
 * twenty generators, half a megabyte in all. The operator itself checks the provider of a store.
 *
 * @see https://github.com/external-secrets/external-secrets/tree/v2.8.0/config/crds/bases
 */
export function externalSecretsDefinitions(): Record<string, DefinitionSpec> {
  return {
    "secretstores.external-secrets.io": {
      group: "external-secrets.io",
      scope: "Namespaced",
      names: {
        kind: "SecretStore",
        listKind: "SecretStoreList",
        plural: "secretstores",
        singular: "secretstore",
        shortNames: ["ss"],
      },
      versions: [
        version("v1", secretStoreSpec, [
          column("Status", conditionPath("reason")),
          column("Ready", conditionPath("status")),
        ]),
      ],
    },
    "externalsecrets.external-secrets.io": {
      group: "external-secrets.io",
      scope: "Namespaced",
      names: {
        kind: "ExternalSecret",
        listKind: "ExternalSecretList",
        plural: "externalsecrets",
        singular: "externalsecret",
        shortNames: ["es"],
      },
      versions: [
        version("v1", externalSecretSpec, [
          column("Refresh Interval", ".spec.refreshInterval"),
          column("Status", conditionPath("reason")),
          column("Ready", conditionPath("status")),
        ]),
      ],
    },
    // The operator watches this kind from its start, also if nobody uses generators.
    "generatorstates.generators.external-secrets.io": {
      group: "generators.external-secrets.io",
      scope: "Namespaced",
      names: {
        kind: "GeneratorState",
        listKind: "GeneratorStateList",
        plural: "generatorstates",
        singular: "generatorstate",
      },
      versions: [
        {
          name: "v1alpha1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: anyObject } } },
        },
      ],
    },
  };
}

const secretStoreSpec: Schema = {
  type: "object",
  required: ["provider"],
  properties: {
    provider: { ...anyObject, minProperties: 1, maxProperties: 1 },
    refreshInterval: { type: "integer" },
  },
};

const externalSecretSpec: Schema = {
  type: "object",
  properties: {
    refreshInterval: { ...text, default: "1h" },
    target: {
      type: "object",
      default: { creationPolicy: "Owner", deletionPolicy: "Retain" },
      properties: {
        name: text,
        creationPolicy: { ...text, default: "Owner", enum: ["Owner", "Orphan", "Merge", "None"] },
        deletionPolicy: { ...text, default: "Retain", enum: ["Delete", "Merge", "Retain"] },
      },
    },
    data: {
      type: "array",
      items: {
        type: "object",
        required: ["remoteRef", "secretKey"],
        properties: {
          secretKey: text,
          remoteRef: {
            type: "object",
            required: ["key"],
            properties: {
              key: text,
              property: text,
              version: text,
              conversionStrategy: { ...text, default: "Default" },
              decodingStrategy: { ...text, default: "None" },
              metadataPolicy: { ...text, default: "None" },
            },
          },
          sourceRef: {
            type: "object",
            properties: {
              storeRef: {
                type: "object",
                required: ["name"],
                properties: { kind: { ...text, enum: ["SecretStore"] }, name: text },
              },
            },
          },
        },
      },
    },
  },
};

function version(
  name: string,
  spec: Schema,
  additionalPrinterColumns: types.input.apiextensions.v1.CustomResourceColumnDefinition[],
): types.input.apiextensions.v1.CustomResourceDefinitionVersion {
  return {
    name,
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns,
    schema: { openAPIV3Schema: { type: "object", properties: { spec, status: anyObject } } },
  };
}

function column(name: string, jsonPath: string): types.input.apiextensions.v1.CustomResourceColumnDefinition {
  return { name, jsonPath, type: "string" };
}

function conditionPath(field: "reason" | "status"): string {
  return `.status.conditions[?(@.type=="Ready")].${field}`;
}
