import type { types } from "@pulumi/kubernetes";

type Rule = types.input.rbac.v1.PolicyRule;

const READ = ["get", "list", "watch"];

/**
 * Returns the RBAC rules that the operator needs in one namespace. It may act only as `serviceAccounts`, whose cloud identities read the
 * stores.
 *
 * @see https://github.com/external-secrets/external-secrets/blob/v2.8.0/deploy/charts/external-secrets/templates/rbac.yaml
 */
export function externalSecretsRules(serviceAccounts: readonly string[]): Rule[] {
  return [
    { apiGroups: ["external-secrets.io"], resources: ["externalsecrets", "secretstores"], verbs: READ },
    {
      apiGroups: ["external-secrets.io"],
      resources: [
        "externalsecrets",
        "externalsecrets/finalizers",
        "externalsecrets/status",
        "secretstores",
        "secretstores/finalizers",
        "secretstores/status",
      ],
      verbs: ["get", "update", "patch"],
    },
    {
      apiGroups: ["generators.external-secrets.io"],
      resources: ["generatorstates"],
      verbs: [...READ, "create", "update", "patch", "delete", "deletecollection"],
    },
    { apiGroups: [""], resources: ["serviceaccounts"], verbs: READ },
    {
      apiGroups: [""],
      resources: ["serviceaccounts/token"],
      resourceNames: [...serviceAccounts],
      verbs: ["create"],
    },
    {
      apiGroups: [""],
      resources: ["secrets"],
      verbs: [...READ, "create", "update", "patch", "delete"],
    },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  ];
}
