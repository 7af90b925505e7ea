import { statements, principals, allows } from "../aws/policy-document.ts";
import type { Field } from "../rule/field.ts";
import { rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const SUBJECT = /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/;
const MEMBER = /^serviceAccount:[^*[\]]+\.svc\.id\.goog\[[a-z0-9-]+\/[a-z0-9.-]+\]$/;
const PRINCIPAL = /^principal:\/\/iam\.googleapis\.com\/[^*]+\/subject\/[^*]+$/;
/** Operators that compare exactly. `ForAllValues:` is not one: it is also true if the token has no such claim. */
const EXACT = ["StringEquals", "ForAnyValue:StringEquals"];

/** Issuers of tokens for pods. Tokens of other issuers name a repository, a workspace or a user, and may be of several branches. */
const POD_ISSUER = /oidc-provider\/oidc\.eks\.|oidc\.eks\.[a-z0-9-]+\.amazonaws\.com/;
const LIKE = ["StringLike", "ForAnyValue:StringLike"];
/** A subject whose owner and repository have no wildcard, such as `repo:acme/ml:*`. Subjects of other issuers begin with another word. */
const NAMED_SUBJECT = /^(repo:[^*?/]+\/[^*?:/]+:.+|(?!repo:)[^*?:]+:[^*?:/]+.*)$/;

/** Reports a trust statement of an issuer such as GitHub whose subject does not name its repository. */
function checkRepositoryTrust(
  tests: readonly { operator: string; key: string; value: Field }[],
  report: (message: string) => void,
): void {
  const subjects = tests.filter(
    ({ operator, key }) => key.endsWith(":sub") && [...EXACT, ...LIKE].includes(operator),
  );
  if (subjects.length === 0) report("the trust policy must test sub with StringEquals or StringLike");
  for (const { key, value } of subjects)
    for (const item of value.items())
      if (item.text !== undefined && !NAMED_SUBJECT.test(item.text))
        report(`the trust policy must name the owner and the repository in ${key}, got ${item.shown}`);
}

/** Keys of a session of EKS Pod Identity that name the service account. @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
const POD_TAG = /^aws:RequestTag\/kubernetes-(namespace|service-account)$/;

/** Reports a trust statement for EKS Pod Identity whose tests accept more than one service account, and one for further services. */
function checkPodIdentityTrust(statement: Field, report: (message: string) => void): void {
  const services = principals(statement).filter(({ kind }) => kind === "Service");
  if (!allows(statement) || !services.some(({ field }) => field.is("pods.eks.amazonaws.com"))) return;
  for (const { field } of principals(statement))
    if (field.text !== undefined && !field.is("pods.eks.amazonaws.com"))
      report(`a role for pods must trust pods.eks.amazonaws.com alone, got ${field.shown} too`);
  for (const [, keys] of statement.at("Condition").entries())
    for (const [key, value] of keys.entries().filter(([name]) => POD_TAG.test(name)))
      for (const item of value.items())
        if (/[*?]/.test(item.text ?? "")) report(`the trust policy must name one ${key}, got ${item.shown}`);
}

/** Reports a trust statement for tokens of an OpenID provider that does not test exactly one subject and one audience. */
function checkTrust(statement: Field, report: (message: string) => void): void {
  const federated = principals(statement).find(({ kind }) => kind === "Federated");
  if (!federated || !allows(statement) || !federated.field.text?.includes("oidc-provider/")) return;
  const tests = statement
    .at("Condition")
    .entries()
    .flatMap(([operator, keys]) => keys.entries().map(([key, value]) => ({ operator, key, value })));
  if (!POD_ISSUER.test(federated.field.text)) return checkRepositoryTrust(tests, report);
  for (const claim of ["sub", "aud"]) {
    const exact = tests.filter(({ operator, key }) => key.endsWith(`:${claim}`) && EXACT.includes(operator));
    const loose = tests.filter(({ operator, key }) => key.endsWith(`:${claim}`) && !EXACT.includes(operator));
    if (exact.length === 0) {
      const how = loose.length > 0 ? `, not with ${loose.map(({ operator }) => operator).join(", ")}` : "";
      report(`the trust policy must test ${claim} with StringEquals${how}`);
    }
    for (const { key, value } of exact)
      for (const item of value.items())
        if (item.text?.includes("*")) report(`the trust policy must name one ${key}, got ${item.shown}`);
  }
}

export const identityRules: ResourceRule[] = [
  rule({
    name: "platform-workload-identity-aws",
    title: "Each IAM role for pods trusts one service account",
    severity: "critical",
    source: ["CKV_AWS_61", "EKS-IRSA"],
    fix: 'test `ISSUER:sub` for "system:serviceaccount:NAMESPACE:NAME" and `ISSUER:aud` for "sts.amazonaws.com" with StringEquals',
    types: types("aws:iam/role:Role"),
    check: ({ properties }, report) => {
      for (const statement of statements(properties.at("assumeRolePolicy"))) {
        checkTrust(statement, report);
        checkPodIdentityTrust(statement, report);
      }
    },
  }),
  rule({
    name: "platform-workload-identity-gcp",
    title: "Each Google service account trusts one Kubernetes service account",
    severity: "critical",
    source: ["GKE-WI"],
    fix: 'name the member "serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME]", or one `principal://…/subject/…`',
    types: types("gcp:serviceaccount/iAMMember:IAMMember", "gcp:serviceaccount/iAMBinding:IAMBinding"),
    check: ({ properties }, report) => {
      if (!properties.at("role").is("roles/iam.workloadIdentityUser")) return;
      for (const member of [properties.at("member"), ...properties.at("members").items()])
        if (member.text !== undefined && !MEMBER.test(member.text) && !PRINCIPAL.test(member.text))
          report(`${member.path} must be one service account, got ${member.shown}`);
    },
  }),
  rule({
    name: "platform-workload-identity-azure",
    title: "Each federated credential of Azure trusts one service account",
    severity: "critical",
    source: ["AKS-WI"],
    fix: 'set `subject` to "system:serviceaccount:NAMESPACE:NAME" and `audiences` to "api://AzureADTokenExchange"',
    types: types("azure-native:managedidentity:FederatedIdentityCredential"),
    check: ({ properties }, report) => {
      const subject = properties.at("subject");
      if (!subject.isUnknown && !SUBJECT.test(subject.text ?? ""))
        report(`subject must be one service account, got ${subject.shown}`);
      if (!properties.at("claimsMatchingExpression").isMissing)
        report("claimsMatchingExpression must be left out: it matches more than one subject");
      for (const audience of properties.at("audiences").items())
        if (!audience.mayBe("api://AzureADTokenExchange"))
          report(`${audience.path} must be api://AzureADTokenExchange`);
    },
  }),
];
