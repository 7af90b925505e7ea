import { z } from "zod";
import type { Field } from "../rule/field.ts";
import { stackRule, types } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";

const ACCOUNT_BLOCK = types("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock");
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

/** Whether a bucket gets logs of other resources: of S3, of load balancers, or of networks. Nothing overwrites an object in it. */
function receivesLogs(subjects: readonly Subject[], bucket: Subject): boolean {
  if (bucket.properties.at("acl").is("log-delivery-write")) return true;
  const name = bucket.properties.at("bucket").text;
  return subjects.some(({ properties, dependencies }) => {
    const names = ["targetBucket", "loggings", "logging", "accessLogs", "logDestination"];
    const refersTo = names.some((key) => dependencies.get(key)?.some(({ urn }) => urn === bucket.urn));
    const targets = [
      properties.at("targetBucket"),
      properties.at("logging.targetBucket"),
      properties.at("accessLogs.bucket"),
    ];
    const byArn = properties.at("logDestination").text?.split(":::")[1]?.split("/")[0];
    return refersTo || (name !== undefined && (byArn === name || targets.some(({ text }) => text === name)));
  });
}

/** Whether the whole account has a setting that a BucketPublicAccessBlock would repeat. */
function accountHas(subjects: readonly Subject[], setting: string): boolean {
  return subjects.some(
    ({ type, properties }) => ACCOUNT_BLOCK.test(type) && properties.at(setting).mayBe(true),
  );
}

/** Algorithms with which S3 encrypts. Since 2023 a bucket without a configuration has AES256. */
const ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"];
const ENCRYPTION = types(
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
);

/** Returns the algorithms that the configurations of a bucket name, in the bucket or in separate resources. */
function algorithms(subjects: readonly Subject[], bucket: Subject): Field[] {
  const separate = companions(subjects, bucket, ENCRYPTION).map(({ properties }) => properties);
  const inBucket = [
    bucket.properties.at("serverSideEncryptionConfiguration"),
    ...bucket.properties.at("serverSideEncryptionConfigurations").items(),
  ];
  return [...separate, ...inBucket].flatMap((configuration) =>
    [...configuration.at("rules").items(), ...configuration.at("rule").items()].flatMap((entry) =>
      entry
        .at("applyServerSideEncryptionByDefault")
        .items()
        .map((byDefault) => byDefault.at("sseAlgorithm")),
    ),
  );
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
  /** Whether a bucket does not need the setting. @default - every bucket needs it */
  needless?: (subjects: readonly Subject[], bucket: Subject) => boolean;
}): StackRule {
  const { name, title, source, fix, inBucket, companion, inCompanion, needless } = options;
  return stackRule({
    name,
    title,
    severity: "high",
    source,
    fix,
    checkStack: (subjects, report) => {
      for (const bucket of subjects.filter(({ type }) => BUCKET.test(type))) {
        if (inBucket(bucket.properties) || needless?.(subjects, bucket) === true) continue;
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
  stackRule({
    name: "aws-s3-encrypted",
    title: "S3 buckets are encrypted",
    severity: "high",
    source: ["CKV_AWS_19"],
    fix: "leave out the encryption, which S3 then does itself, or set `sseAlgorithm` to aws:kms with a key",
    config: {
      /** Demand a key of KMS, as CKV_AWS_145 does, of buckets that do not receive logs: S3 can deliver these only without one. */
      kms: z.boolean().default(false),
    },
    checkStack: (subjects, report, { kms }) => {
      for (const bucket of subjects.filter(({ type }) => BUCKET.test(type))) {
        const named = algorithms(subjects, bucket);
        const demandsKey = kms && !receivesLogs(subjects, bucket);
        const allowed = demandsKey ? ALGORITHMS.slice(1) : ALGORITHMS;
        for (const algorithm of named)
          if (!algorithm.mayBe(...allowed))
            report(`sseAlgorithm must be ${allowed.join(" or ")}, got ${algorithm.shown}`, bucket.urn);
        if (demandsKey && named.length === 0)
          report(`sseAlgorithm must be ${allowed.join(" or ")}, got nothing`, bucket.urn);
      }
    },
  }),
  bucketSetting({
    name: "aws-s3-versioned",
    title: "S3 buckets keep old versions, except those that receive logs",
    source: ["CKV_AWS_21"],
    fix: "add a BucketVersioning with the status Enabled",
    inBucket: (bucket) => bucket.at("versioning.enabled").mayBe(true),
    companion: types(
      "aws:s3/bucketVersioning:BucketVersioning",
      "aws:s3/bucketVersioningV2:BucketVersioningV2",
    ),
    inCompanion: (versioning) => versioning.at("versioningConfiguration.status").mayBe("Enabled"),
    needless: receivesLogs,
  }),
  ...PUBLIC_ACCESS.map(([setting, id, title]) =>
    bucketSetting({
      name: `aws-s3-${kebab(setting)}`,
      title,
      source: [id],
      fix: `add a BucketPublicAccessBlock with \`${setting}: true\`, or an AccountPublicAccessBlock`,
      inBucket: () => false,
      companion: types("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
      inCompanion: (block) => block.at(setting).mayBe(true),
      needless: (subjects) => accountHas(subjects, setting),
    }),
  ),
];
