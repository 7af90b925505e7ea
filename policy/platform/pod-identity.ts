import { stackRule, types } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";

const ASSOCIATION = types("aws:eks/podIdentityAssociation:PodIdentityAssociation");

/** Returns the role of an association: its ARN, or the resource that it comes from. */
function roleOf({ properties, dependencies }: Subject): string | undefined {
  return properties.at("roleArn").text ?? dependencies.get("roleArn")?.[0]?.urn;
}

/** Returns `NAMESPACE/NAME` of the service account; undefined if it is not known yet. */
function accountOf({ properties }: Subject): string | undefined {
  const [namespace, name] = [properties.at("namespace").text, properties.at("serviceAccount").text];
  return namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`;
}

export const podIdentityRules: StackRule[] = [
  stackRule({
    name: "platform-pod-identity-aws",
    title: "Each role of EKS Pod Identity is for one service account",
    severity: "critical",
    source: ["EKS-POD-IDENTITY"],
    fix: "create a role for each service account, with the rights that it needs",
    checkStack: (subjects, report) => {
      const associations = subjects.flatMap((subject) => {
        const [role, account] = [roleOf(subject), accountOf(subject)];
        const known = ASSOCIATION.test(subject.type) && role !== undefined && account !== undefined;
        return known ? [{ urn: subject.urn, role, account }] : [];
      });
      // By name, so that the same stack always blames the same association.
      associations.sort((a, b) => (a.account < b.account ? -1 : 1));
      const owners = new Map<string, string>();
      for (const { urn, role, account } of associations) {
        const owner = owners.get(role) ?? account;
        owners.set(role, owner);
        if (owner !== account) report(`the role must be for ${owner} alone, got ${account} too`, urn);
      }
    },
  }),
];
