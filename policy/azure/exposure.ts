import { z } from "zod";
import { isAnywhere } from "../rule/anywhere.ts";
import type { Field } from "../rule/field.ts";
import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

/** Names of all sources, which Azure reads in upper and in lower case. */
const ALL_SOURCES = ["*", "internet", "any"];
const VAULT = types("azure-native:keyvault:Vault");

/** Returns the sources of a rule that lets traffic in. */
function inboundSources(securityRule: Field): Field[] {
  const says = (field: string, value: string): boolean =>
    securityRule.at(field).text?.toLowerCase() === value;
  if (!says("access", "allow") || !says("direction", "inbound")) return [];
  return ["sourceAddressPrefix", "sourceAddressPrefixes"].flatMap((field) => securityRule.at(field).items());
}

/** Returns whether all ports of a rule are among those given. A range of ports is not. */
function opensOnly(securityRule: Field, ports: readonly number[]): boolean {
  const given = ["destinationPortRange", "destinationPortRanges"].flatMap((field) =>
    securityRule.at(field).items(),
  );
  return given.length > 0 && given.every((port) => port.is(...ports.map(String)));
}

export const azureExposureRules: ResourceRule[] = [
  rule({
    name: "azure-nsg-not-open",
    title: "Network security groups let nobody in from the whole internet",
    severity: "critical",
    source: ["CKV_AZURE_9", "CKV_AZURE_10", "CKV_AZURE_160"],
    fix: "name the networks that may connect in `sourceAddressPrefixes`",
    types: types("azure-native:network:NetworkSecurityGroup", "azure-native:network:SecurityRule"),
    config: {
      /** Ports that may be open to everyone, such as 443 of a gateway. */
      allowedPorts: z.array(z.number().int()).default([]),
    },
    check: ({ type, properties }, report, { allowedPorts }) => {
      const securityRules = type.endsWith(":SecurityRule")
        ? [properties]
        : properties.at("securityRules").items();
      for (const securityRule of securityRules) {
        if (opensOnly(securityRule, allowedPorts)) continue;
        for (const source of inboundSources(securityRule))
          if (isAnywhere(source) || ALL_SOURCES.includes(source.text?.toLowerCase() ?? ""))
            report(`${source.path} must not be ${source.shown}`);
      }
    },
  }),
  rule({
    name: "azure-postgresql-private",
    title: "PostgreSQL is reachable only from the virtual network",
    severity: "critical",
    source: ["CKV_AZURE_68"],
    fix: "set `network.publicNetworkAccess: Disabled`, and a delegated subnet",
    types: types("azure-native:dbforpostgresql:Server", "azure-native:dbforpostgresql:FlexibleServer"),
    check: ({ properties }, report) => {
      // A server in a delegated subnet has no public address.
      if (properties.at("network.delegatedSubnetResourceId").isMissing)
        must(properties.at("network.publicNetworkAccess"), ["Disabled"], report);
    },
  }),
  rule({
    name: "azure-key-vault-purge-protection",
    title: "Key Vault keeps deleted keys for their retention",
    severity: "high",
    source: ["CKV_AZURE_110"],
    fix: "set `properties.enablePurgeProtection: true`",
    types: VAULT,
    check: ({ properties }, report) =>
      must(properties.at("properties.enablePurgeProtection"), [true], report),
  }),
  rule({
    name: "azure-key-vault-private",
    title: "Key Vault denies unknown networks",
    severity: "high",
    source: ["CKV_AZURE_109", "CKV_AZURE_189"],
    fix: "set `properties.publicNetworkAccess: Disabled`, or `properties.networkAcls.defaultAction: Deny`",
    types: VAULT,
    check: ({ properties }, report) => {
      if (properties.at("properties.networkAcls.defaultAction").mayBe("Deny")) return;
      const access = properties.at("properties.publicNetworkAccess");
      if (!access.mayBe("Disabled", "disabled"))
        report(`${access.path} must be "Disabled", got ${access.shown}`);
    },
  }),
  rule({
    name: "azure-storage-no-shared-keys",
    title: "Storage accounts accept identities only, no shared keys",
    severity: "high",
    source: ["CKV2_AZURE_40"],
    fix: "set `allowSharedKeyAccess: false`",
    types: types("azure-native:storage:StorageAccount"),
    check: ({ properties }, report) => must(properties.at("allowSharedKeyAccess"), [false], report),
  }),
];
