import { z } from "zod";
import { Field } from "../rule/field.ts";
import { rule } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

interface Taggable {
  types: RegExp;
  /** Property with the tags. */
  path: string;
  /** Property of the provider with tags for all its resources. */
  providerPath?: string;
}

const TAGGABLE: readonly Taggable[] = [
  {
    types:
      /^aws:(eks\/(cluster|nodeGroup)|ecr\/repository|s3\/bucket(V2)?|elasticache\/replicationGroup|rds\/(instance|cluster)|kms\/key|iam\/role|ec2\/(vpc|instance|launchTemplate|natGateway)|dynamodb\/table|efs\/fileSystem|sagemaker\/endpoint|lambda\/function):/,
    path: "tags",
    providerPath: "defaultTags.tags",
  },
  { types: /^gcp:container\/cluster:/, path: "resourceLabels", providerPath: "defaultLabels" },
  { types: /^gcp:sql\/databaseInstance:/, path: "settings.userLabels", providerPath: "defaultLabels" },
  {
    types:
      /^gcp:(storage\/bucket|artifactregistry\/repository|redis\/instance|kms\/cryptoKey|secretmanager\/secret|compute\/(instance|disk)|cloudrunv2\/service|vertex\/aiEndpoint|bigquery\/dataset):/,
    path: "labels",
    providerPath: "defaultLabels",
  },
  {
    types:
      /^azure-native:(containerservice:(ManagedCluster|AgentPool)|containerregistry:Registry|storage:StorageAccount|keyvault:Vault|dbforpostgresql:(Server|FlexibleServer)|redis:Redis|redisenterprise:RedisEnterprise|network:(VirtualNetwork|NatGateway)|resources:ResourceGroup|machinelearningservices:(Workspace|OnlineEndpoint)):?$/,
    path: "tags",
  },
];

/** Parses a property of a provider, which Pulumi passes as JSON text. */
function parsed(field: Field): Field {
  if (field.text === undefined) return field;
  try {
    return new Field(JSON.parse(field.text) as unknown, field.path);
  } catch {
    return field;
  }
}

function providerTags(provider: Field, path: string | undefined): Field {
  if (path === undefined) return new Field(undefined);
  const [first = "", ...rest] = path.split(".");
  const top = parsed(provider.at(first));
  return rest.length === 0 ? top : top.at(rest.join("."));
}

export const tagRules: ResourceRule[] = [
  rule({
    name: "platform-required-tags",
    title: "Resources have tags that name their owner",
    severity: "low",
    source: ["WAF-COST", "CKV_AWS_TAGS"],
    fix: "set the tags on the resource, or on its provider (`defaultTags`, `defaultLabels`); in Slipway, set cloud.tags",
    types: /^(aws|gcp|azure-native):/,
    config: { tags: z.array(z.string()).default(["owner", "environment"]) },
    check: ({ type, properties, provider }, report, { tags }) => {
      const kind = TAGGABLE.find(({ types }) => types.test(type));
      if (!kind) return;
      const own = properties.at(kind.path);
      const inherited = providerTags(provider, kind.providerPath);
      if (own.isUnknown || inherited.isUnknown) return;
      const missing = tags.filter((tag) => own.at(tag).isEmpty && inherited.at(tag).isEmpty);
      if (missing.length > 0) report(`${own.path} must have ${missing.join(", ")}`);
    },
  }),
];
