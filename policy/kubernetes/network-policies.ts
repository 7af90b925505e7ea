import { z } from "zod";
import type { Field } from "../rule/field.ts";
import { stackRule } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";
import { namespaceOf } from "./pods.ts";

const NAMESPACE = /^kubernetes:core\/v1:Namespace$/;
const NETWORK_POLICY = /^kubernetes:networking\.k8s\.io\/v1:NetworkPolicy$/;

/** Returns the directions in which a policy selects all pods of its namespace and allows nothing. */
function deniesByDefault({ properties }: Subject): Set<string> {
  const spec = properties.at("spec");
  const selector = spec.at("podSelector");
  const all = selector.isUnknown || selector.entries().every(([, value]) => value.isEmpty);
  if (!all) return new Set();
  const types = spec.at("policyTypes");
  const closed = (direction: string, rules: Field): boolean =>
    rules.isEmpty && (types.isMissing ? direction === "Ingress" : types.mayInclude(direction));
  return new Set(
    [
      closed("Ingress", spec.at("ingress")) ? "Ingress" : "",
      closed("Egress", spec.at("egress")) ? "Egress" : "",
    ].filter((direction) => direction !== ""),
  );
}

/** Whether a policy is in a namespace: the names are equal, or the name is an output of the Namespace. */
function isIn(policy: Subject, namespace: Subject): boolean {
  if (policy.dependencies.get("metadata")?.some(({ urn }) => urn === namespace.urn)) return true;
  const name = namespace.properties.at("metadata.name");
  const namespaceName = namespaceOf(policy);
  return name.isUnknown || namespaceName.isUnknown || namespaceName.value === name.value;
}

export const networkPolicyRules: StackRule[] = [
  stackRule({
    name: "kubernetes-network-policy",
    title: "Each namespace denies traffic by default",
    severity: "high",
    source: ["CKV2_K8S_6", "C-0030"],
    fix: "add a NetworkPolicy with an empty podSelector, both policyTypes and no rules, and allow the needed traffic in further policies",
    config: { directions: z.array(z.enum(["Ingress", "Egress"])).default(["Ingress", "Egress"]) },
    checkStack: (subjects, report, { directions }) => {
      const policies = subjects.filter(({ type }) => NETWORK_POLICY.test(type));
      for (const namespace of subjects.filter(({ type }) => NAMESPACE.test(type))) {
        const denied = policies
          .filter((policy) => isIn(policy, namespace))
          .flatMap((policy) => [...deniesByDefault(policy)]);
        const open = directions.filter((direction) => !denied.includes(direction));
        if (open.length > 0)
          report(`no NetworkPolicy denies ${open.join(" and ")} by default`, namespace.urn);
      }
    },
  }),
];
