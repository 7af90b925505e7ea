import { parseAllDocuments, type Tags } from "yaml";
import type { PropertyMap } from "../../values/property-value.ts";
import { isObject } from "./json-object.ts";

export const DECODE_YAML = "kubernetes:yaml:decode";

/** What Go's parser of Kubernetes files reads as text: dates, and `12:30` as a number of base 60. */
function asGoReads(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === "string" ||
      (tag.tag !== "tag:yaml.org,2002:timestamp" && !("format" in tag && tag.format === "TIME")),
  );
}

/**
 * Returns the objects of a text with YAML documents, for `ConfigGroup` and `ConfigFile` of `kubernetes.yaml`. Documents without a
 * kind, such as comments alone, are left out. Throws where the text is not YAML.
 */
export function decodeYaml({ text }: PropertyMap): PropertyMap {
  if (typeof text !== "string") throw new Error(`${DECODE_YAML}: text must be a string`);
  // YAML 1.1 as Go reads it: `yes` and `on` are booleans.
  const documents = parseAllDocuments(text, { version: "1.1", customTags: asGoReads });
  const objects = Array.isArray(documents) ? documents : [];
  const result = objects.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${DECODE_YAML}: ${error.message}`);
    return document.toJS() as unknown;
  });
  return {
    result: result.filter(isObject).filter(({ apiVersion, kind }) => Boolean(apiVersion) && Boolean(kind)),
  };
}
