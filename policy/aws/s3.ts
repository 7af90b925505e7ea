import type { Field } from "../rule/field.ts";
import { stackRule, types } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";

const BUCKET = types("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2");

/** Returns the resources of a type that configure the given bucket. */
function companions(subjects: readonly Subject[], bucket: Subject, type: RegExp): Subject[] {
  return subjects.filter((subject) => {
    if (!type.test(subject.type)) return false;
    if (subject.dependencies.get("bucket")?.some(({ urn }) => urn === bucket.urn)) return true;
    const name = subject.properties.at("bucket");
    const bucketName = bucket.properties.at("bucket");
    return name.text !== undefined && bucketName.text !== undefined && name.text === bucketName.text;
  });
}

/** Returns a rule about a setting of a bucket, which is either an input of the bucket or a separate resource. */
function bucketSetting(options: {
  name: string;
  title: string;
  source: readonly string[];
  fix: string;
  /** Whether the bucket itself has the setting. */
  inBucket: (bucket: Field) => boolean;
  /** Type of the separate resource. */
  companion: RegExp;
  /** Whether the separate resource has the setting. */
  inCompanion: (companion: Field) => boolean;
}): StackRule {
  const { name, title, source, fix, inBucket, companion, inCompanion } = options;
  return stackRule({
    name,
    title,
    severity: "high",
    source,
    fix,
    checkStack: (subjects, report) => {
      for (const bucket of subjects.filter(({ type }) => BUCKET.test(type))) {
        if (inBucket(bucket.properties)) continue;
        const settings = companions(subjects, bucket, companion);
        if (!settings.some(({ properties }) => inCompanion(properties)))
          report("the bucket does not have this setting", bucket.urn);
      }
    },
  });
}

const PUBLIC_ACCESS: readonly [string, string, string][] = [
  ["blockPublicAcls", "CKV_AWS_53", "S3 refuses public ACLs"],
  ["blockPublicPolicy", "CKV_AWS_54", "S3 refuses public bucket policies"],
  ["ignorePublicAcls", "CKV_AWS_55", "S3 ignores public ACLs"],
  ["restrictPublicBuckets", "CKV_AWS_56", "S3 restricts buckets with a public policy to the account"],
];

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export const s3Rules: StackRule[] = [
  bucketSetting({
    name: "aws-s3-encrypted",
    title: "S3 buckets are encrypted",
    source: ["CKV_AWS_19", "CKV_AWS_145"],
    fix: "add a BucketServerSideEncryptionConfiguration with the bucket's own key",
    inBucket: (bucket) =>
      !bucket.at("serverSideEncryptionConfiguration").isEmpty ||
      !bucket.at("serverSideEncryptionConfigurations").isEmpty,
    companion: types(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
    ),
    inCompanion: ({ isEmpty }) => !isEmpty,
  }),
  bucketSetting({
    name: "aws-s3-versioned",
    title: "S3 buckets keep old versions",
    source: ["CKV_AWS_21"],
    fix: "add a BucketVersioning with the status Enabled",
    inBucket: (bucket) => bucket.at("versioning.enabled").mayBe(true),
    companion: types(
      "aws:s3/bucketVersioning:BucketVersioning",
      "aws:s3/bucketVersioningV2:BucketVersioningV2",
    ),
    inCompanion: (versioning) => versioning.at("versioningConfiguration.status").mayBe("Enabled"),
  }),
  ...PUBLIC_ACCESS.map(([setting, id, title]) =>
    bucketSetting({
      name: `aws-s3-${kebab(setting)}`,
      title,
      source: [id],
      fix: `add a BucketPublicAccessBlock with \`${setting}: true\``,
      inBucket: () => false,
      companion: types("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
      inCompanion: (block) => block.at(setting).mayBe(true),
    }),
  ),
];
