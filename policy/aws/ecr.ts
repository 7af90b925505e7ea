import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";
import { openPrincipals } from "./policy-document.ts";

const REPOSITORY = types("aws:ecr/repository:Repository");

export const ecrRules: ResourceRule[] = [
  rule({
    name: "aws-ecr-not-public",
    title: "ECR repositories are not public",
    severity: "critical",
    source: ["CKV_AWS_32"],
    fix: "name the accounts that pull from the repository, and use ecr.Repository instead of ecrpublic",
    types: types(
      "aws:ecr/repositoryPolicy:RepositoryPolicy",
      "aws:ecr/registryPolicy:RegistryPolicy",
      "aws:ecrpublic/repository:Repository",
    ),
    check: ({ type, properties }, report) => {
      if (type.startsWith("aws:ecrpublic/")) return report("a repository of ecrpublic is open to everyone");
      for (const { path, shown } of openPrincipals(properties.at("policy")))
        report(`${path} must name accounts, got ${shown}: the repository would be public`);
    },
  }),
  rule({
    name: "aws-ecr-immutable-tags",
    title: "Tags of ECR repositories are immutable",
    severity: "high",
    source: ["CKV_AWS_51"],
    fix: "set `imageTagMutability: IMMUTABLE`; exclude tags that must move with `imageTagMutabilityExclusionFilters`",
    types: REPOSITORY,
    check: ({ properties }, report) =>
      must(properties.at("imageTagMutability"), ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"], report),
  }),
  rule({
    name: "aws-ecr-scan-on-push",
    title: "ECR scans images when they are pushed",
    severity: "high",
    source: ["CKV_AWS_163"],
    fix: "set `imageScanningConfiguration.scanOnPush: true`",
    types: REPOSITORY,
    check: ({ properties }, report) =>
      must(properties.at("imageScanningConfiguration.scanOnPush"), [true], report),
  }),
];
