import { z } from "zod";
import type { Field } from "../rule/field.ts";
import { rule } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

/** `europe-west1` of the zone europe-west1-b, `westeurope` of "West Europe". */
export function regionOf(place: string): string {
  const plain = place.toLowerCase().replaceAll(" ", "");
  return /^[a-z]+-[a-z]+\d+-[a-z]$/.test(plain) ? plain.slice(0, -2) : plain;
}

function placesOf(type: string, properties: Field, provider: Field): Field[] {
  const own = [properties.at("region"), properties.at("location"), properties.at("zone")];
  const named = own.filter(({ isMissing }) => !isMissing);
  if (named.length > 0) return named;
  // Global things say so, or have no place at all: only regional resources inherit the provider's.
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
    fix: "move the resource to an allowed region, or allow the region in this policy's config",
    types: /^(aws|gcp|azure-native):/,
    config: {
      /** Regions, or multi-regions of Google; empty: any. */
      regions: z.array(z.string()).default([]),
    },
    check: ({ type, properties, provider }, report, { regions }) => {
      if (regions.length === 0) return;
      const allowed = [...regions.map(regionOf), "global"];
      for (const place of placesOf(type, properties, provider))
        if (place.text !== undefined && place.text !== "" && !allowed.includes(regionOf(place.text)))
          report(`${place.path} must be one of ${regions.join(", ")}, got ${place.text}`);
    },
  }),
];
