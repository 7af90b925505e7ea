import { z } from "zod";
import type { Field } from "../rule/field.ts";
import { rule } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

/** Returns the region of a location: `europe-west1` for the zone europe-west1-b, `westeurope` for "West Europe". */
export function regionOf(location: string): string {
  const plain = location.toLowerCase().replaceAll(" ", "");
  return /^[a-z]+-[a-z]+\d+-[a-z]$/.test(plain) ? plain.slice(0, -2) : plain;
}

function locationsOf(type: string, properties: Field, provider: Field): Field[] {
  const own = [properties.at("region"), properties.at("location"), properties.at("zone")];
  const named = own.filter(({ isMissing }) => !isMissing);
  if (named.length > 0) return named;
  // Resources of Google Cloud without a location are global. Those of AWS and Azure are in the region of the provider.
  return type.startsWith("aws:") || type.startsWith("azure-native:")
    ? [provider.at("region"), provider.at("location")].filter(({ isMissing }) => !isMissing)
    : [];
}

export const regionRules: ResourceRule[] = [
  rule({
    name: "platform-allowed-regions",
    title: "Resources are in allowed regions",
    severity: "high",
    source: ["CIS-REGIONS"],
    fix: "move the resource to an allowed region, or allow it in policy/config/STACK.json, under platform-allowed-regions.regions",
    types: /^(aws|gcp|azure-native):/,
    config: {
      /** Allowed regions, or multi-regions of Google Cloud. Empty: the region of `slipway:cluster`, or all if the stack has none. */
      regions: z.array(z.string()).default([]),
    },
    check: ({ type, properties, provider }, report, { regions: listed }, { region }) => {
      const regions = listed.length > 0 || region === undefined ? listed : [region];
      if (regions.length === 0) return;
      const allowed = [...regions.map(regionOf), "global"];
      for (const location of locationsOf(type, properties, provider))
        if (location.text !== undefined && location.text !== "" && !allowed.includes(regionOf(location.text)))
          report(`${location.path} must be one of ${regions.join(", ")}, got ${location.text}`);
    },
  }),
];
