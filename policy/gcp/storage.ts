import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const EVERYONE = ["allUsers", "allAuthenticatedUsers"];

export const gcsRules: ResourceRule[] = [
  rule({
    name: "gcp-gcs-not-public",
    title: "Cloud Storage buckets are not public",
    severity: "critical",
    source: ["CKV_GCP_28"],
    fix: "name the members, and set `publicAccessPrevention: enforced` on the bucket",
    types: types(
      "gcp:storage/bucketIAMMember:BucketIAMMember",
      "gcp:storage/bucketIAMBinding:BucketIAMBinding",
      "gcp:storage/bucketAccessControl:BucketAccessControl",
      "gcp:storage/bucketACL:BucketACL",
    ),
    check: ({ properties }, report) => {
      for (const field of [
        properties.at("member"),
        properties.at("entity"),
        ...properties.at("members").items(),
      ])
        if (field.is(...EVERYONE)) report(`${field.path} must not be ${field.shown}`);
      const acl = properties.at("predefinedAcl");
      if (acl.is("publicRead", "publicReadWrite")) report(`${acl.path} must not be ${acl.shown}`);
      for (const entity of properties.at("roleEntities").items())
        if (EVERYONE.some((name) => entity.text?.endsWith(`:${name}`)))
          report(`${entity.path} must not be ${entity.shown}`);
    },
  }),
  rule({
    name: "gcp-gcs-uniform-access",
    title: "Cloud Storage buckets use only IAM, no ACLs",
    severity: "medium",
    source: ["CKV_GCP_29"],
    fix: "set `uniformBucketLevelAccess: true`",
    types: types("gcp:storage/bucket:Bucket"),
    check: ({ properties }, report) => must(properties.at("uniformBucketLevelAccess"), [true], report),
  }),
];
