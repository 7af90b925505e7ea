import type { Field } from "../rule/field.ts";
import { stackRule, types } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";

const BUCKET = types("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2");

function companions(subjects: readonly Subject[], bucket: Subject, type: RegExp): Subject[] {
  return subjects.filter((subject) => {
    if (!type.test(subject.type)) return false;
    if (subject.dependencies.get("bucket")?.some(({ urn }) => urn === bucket.urn)) return true;
    const name = subject.properties.at("bucket");
    const own = bucket.properties.at("bucket");
    return name.text !== undefined && own.text !== undefined && name.text === own.text;
  });
}

/** A rule about a setting that stands in the bucket itself, or in a separate resource that refers to the bucket. */
function bucketSetting(options: {
  name: string;
  title: string;
  source: readonly string[];
  fix: string;
  own: (bucket: Field) => boolean;
  companion: RegExp;
  holds: (companion: Field) => boolean;
}): StackRule {
  const { name, title, source, fix, own, companion, holds } = options;
  return stackRule({
    name,
    title,
    severity: "high",
    source,
    fix,
    checkStack: (subjects, report) => {
      for (const bucket of subjects.filter(({ type }) => BUCKET.test(type))) {
        if (own(bucket.properties)) continue;
        const beside = companions(subjects, bucket, companion);
        if (!beside.some(({ properties }) => holds(properties)))
          report("the bucket lacks this setting", bucket.urn);
      }
    },
  });
}

const PUBLIC_ACCESS: readonly [string, string, string][] = [
  ["blockPublicAcls", "CKV_AWS_53", "S3 refuses public ACLs"],
  ["blockPublicPolicy", "CKV_AWS_54", "S3 refuses public bucket policies"],
  ["ignorePublicAcls", "CKV_AWS_55", "S3 ignores public ACLs"],
  ["restrictPublicBuckets", "CKV_AWS_56", "S3 confines buckets with a public policy to the account"],
];

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export const s3Rules: StackRule[] = [
  bucketSetting({
    name: "aws-s3-encrypted",
    title: "Buckets of S3 are encrypted",
    source: ["CKV_AWS_19", "CKV_AWS_145"],
    fix: "add a BucketServerSideEncryptionConfiguration with the bucket's own key",
    own: (bucket) =>
      !bucket.at("serverSideEncryptionConfiguration").isEmpty ||
      !bucket.at("serverSideEncryptionConfigurations").isEmpty,
    companion: types(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
    ),
    holds: ({ isEmpty }) => !isEmpty,
  }),
  bucketSetting({
    name: "aws-s3-versioned",
    title: "Buckets of S3 keep old versions",
    source: ["CKV_AWS_21"],
    fix: "add a BucketVersioning with the status Enabled",
    own: (bucket) => bucket.at("versioning.enabled").mayBe(true),
    companion: types(
      "aws:s3/bucketVersioning:BucketVersioning",
      "aws:s3/bucketVersioningV2:BucketVersioningV2",
    ),
    holds: (versioning) => versioning.at("versioningConfiguration.status").mayBe("Enabled"),
  }),
  ...PUBLIC_ACCESS.map(([setting, id, title]) =>
    bucketSetting({
      name: `aws-s3-${kebab(setting)}`,
      title,
      source: [id],
      fix: `add a BucketPublicAccessBlock with \`${setting}: true\``,
      own: () => false,
      companion: types("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
      holds: (block) => block.at(setting).mayBe(true),
    }),
  ),
];
