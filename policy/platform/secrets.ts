import { z } from "zod";
import { Field } from "../rule/field.ts";
import { globPattern } from "../rule/glob.ts";
import { rule } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";
import { isSecretName } from "./secret-names.ts";
import { isLiteral, secretShape } from "./secret-shapes.ts";

/** Properties that are named like a secret, but contain only the name of a secret or of a resource kind. */
const NAMES_ONLY: readonly [type: RegExp, path: RegExp][] = [
  [/^gcp:secretmanager\//, /^secret$/],
  [
    /^gcp:(cloudrunv2|cloudfunctionsv2|cloudrun)\//,
    /(secretKeyRef|valueSource|secretEnvironmentVariables).*secret$|volumes.*secret\.secret$/,
  ],
  [/^kubernetes:[^:]+:(ClusterRole|Role)$/, /^rules/],
  [/^kubernetes:external-secrets\.io\/[^:]+:ExternalSecret$/, /^spec\.data\[\d+\]\.secretKey$/],
];

const KUBERNETES_SECRET = /^kubernetes:core\/v1:Secret$/;

/** Parses a text that is a JSON object or list, such as the container definitions of ECS; undefined for other texts. */
function parsedJson(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Returns the flag before an item of a command: `--requirepass` in `["--requirepass", "hunter2"]`. */
function flagBefore(list: readonly Field[], index: number): string | undefined {
  const text = list[index - 1]?.text;
  return text !== undefined && /^--?[A-Za-z][\w-]*$/.test(text) ? text : undefined;
}

/** Finds plain texts that are secrets by the name of their property, or by their form. */
function findPlaintext(
  type: string,
  properties: Field,
  secrets: ReadonlySet<string>,
  found: (path: string, why: string) => void,
): void {
  const visit = (field: Field, name: string): void => {
    if (secrets.has(field.path) || field.isUnknown) return;
    const { text } = field;
    if (text !== undefined) {
      const json = parsedJson(text);
      if (json !== undefined) return visit(new Field(json, field.path), name);
      const shape = secretShape(text);
      const harmless = NAMES_ONLY.some(([owner, path]) => owner.test(type) && path.test(field.path));
      if (shape !== undefined) found(field.path, `looks like ${shape}`);
      else if (isSecretName(name) && !harmless && isLiteral(text))
        found(field.path, "has the name of a secret");
      return;
    }
    const variable = field.at("name").text ?? field.at("key").text;
    for (const [key, value] of field.entries())
      visit(value, key === "value" && variable !== undefined ? variable : key);
    if (!Array.isArray(field.value)) return;
    const items = field.items();
    items.forEach((item, index) => visit(item, flagBefore(items, index) ?? name));
  };
  visit(properties, "");
  if (!KUBERNETES_SECRET.test(type)) return;
  for (const map of ["data", "stringData"]) {
    if (secrets.has(map)) continue;
    for (const [key, value] of properties.at(map).entries()) {
      const alreadyFound =
        isSecretName(key) || (value.text !== undefined && secretShape(value.text) !== undefined);
      if (value.text && !alreadyFound && !secrets.has(value.path)) found(value.path, "is in a Secret");
    }
  }
}

export const secretRules: ResourceRule[] = [
  rule({
    name: "platform-no-plaintext-secrets",
    title: "No input or environment variable contains a secret in plain text",
    severity: "critical",
    source: ["CKV_SECRET_6", "CKV_K8S_35"],
    fix: "pass it as a Pulumi secret (`pulumi.secret`, `config.requireSecret`), or reference a secret store",
    types: /^/,
    config: {
      /** Patterns of property paths that are named like secrets, but are none; `*` matches any text. */
      ignorePaths: z.array(z.string()).default([]),
    },
    check: ({ urn, type, properties }, report, { ignorePaths }, { secretPaths }) => {
      const secrets = secretPaths(urn);
      if (secrets === undefined)
        return report(
          "secrets cannot be told from plain text: platform-secret-marks must have the level `remediate`",
        );
      const ignored = ignorePaths.map((path) => globPattern(path));
      findPlaintext(type, properties, secrets, (path, why) => {
        if (!ignored.some((pattern) => pattern.test(path))) report(`${path} ${why}, and is plain text`);
      });
    },
  }),
];
