import { plainType } from "../../cost/estimate/plain-type.ts";

/**
 * Types of resources with data that a stack cannot create again: deleting or replacing one loses the data. Encryption keys are
 * among them, because all data that they encrypt is lost with them, and containers of the others, such as a namespace.
 */
const DATA_BEARING: Readonly<Record<string, string>> = {
  // Kubernetes
  "kubernetes:core/v1:PersistentVolumeClaim": "a volume's data",
  "kubernetes:core/v1:PersistentVolume": "a volume's data",
  "kubernetes:core/v1:Namespace": "everything in the namespace, volumes too",

  // AWS: storage, databases, keys and secrets, images and artifacts, clusters
  "aws:s3/bucket:Bucket": "the objects of a bucket",
  "aws:s3/bucketV2:BucketV2": "the objects of a bucket",
  "aws:ebs/volume:Volume": "a volume's data",
  "aws:efs/fileSystem:FileSystem": "a file system",
  "aws:fsx/lustreFileSystem:LustreFileSystem": "a file system",
  "aws:rds/cluster:Cluster": "a database",
  "aws:rds/instance:Instance": "a database",
  "aws:rds/globalCluster:GlobalCluster": "a database",
  "aws:dynamodb/table:Table": "a table",
  "aws:elasticache/cluster:Cluster": "what Redis holds",
  "aws:elasticache/replicationGroup:ReplicationGroup": "what Redis holds",
  "aws:elasticache/serverlessCache:ServerlessCache": "what Redis holds",
  "aws:memorydb/cluster:Cluster": "what Redis holds",
  "aws:opensearch/domain:Domain": "an index",
  "aws:kinesis/stream:Stream": "records not read yet",
  "aws:sqs/queue:Queue": "messages not read yet",
  "aws:kms/key:Key": "the key to all that it encrypts",
  "aws:secretsmanager/secret:Secret": "a secret",
  "aws:ssm/parameter:Parameter": "a parameter",
  "aws:ecr/repository:Repository": "images and models",
  "aws:backup/vault:Vault": "backups",
  "aws:cloudwatch/logGroup:LogGroup": "logs",
  "aws:sagemaker/featureGroup:FeatureGroup": "features",
  "aws:eks/cluster:Cluster": "everything in the cluster",

  // Google Cloud
  "gcp:storage/bucket:Bucket": "the objects of a bucket",
  "gcp:compute/disk:Disk": "a volume's data",
  "gcp:compute/regionDisk:RegionDisk": "a volume's data",
  "gcp:filestore/instance:Instance": "a file system",
  "gcp:sql/databaseInstance:DatabaseInstance": "a database",
  "gcp:sql/database:Database": "a database",
  "gcp:alloydb/cluster:Cluster": "a database",
  "gcp:spanner/database:Database": "a database",
  "gcp:spanner/instance:Instance": "a database",
  "gcp:bigquery/dataset:Dataset": "a data set",
  "gcp:bigquery/table:Table": "a table",
  "gcp:bigtable/instance:Instance": "a table",
  "gcp:bigtable/table:Table": "a table",
  "gcp:firestore/database:Database": "a database",
  "gcp:redis/instance:Instance": "what Redis holds",
  "gcp:redis/cluster:Cluster": "what Redis holds",
  "gcp:memorystore/instance:Instance": "what Redis holds",
  "gcp:pubsub/subscription:Subscription": "messages not read yet",
  "gcp:kms/keyRing:KeyRing": "the keys to all that they encrypt",
  "gcp:kms/cryptoKey:CryptoKey": "the key to all that it encrypts",
  "gcp:secretmanager/secret:Secret": "a secret",
  "gcp:secretmanager/secretVersion:SecretVersion": "a secret",
  "gcp:artifactregistry/repository:Repository": "images and models",
  "gcp:logging/projectBucketConfig:ProjectBucketConfig": "logs",
  "gcp:vertex/aiFeatureStore:AiFeatureStore": "features",
  "gcp:container/cluster:Cluster": "everything in the cluster",
  "gcp:gkebackup/backupPlan:BackupPlan": "backups",

  // Azure
  "azure-native:resources:ResourceGroup": "everything in the resource group",
  "azure-native:storage:StorageAccount": "everything in the account",
  "azure-native:storage:BlobContainer": "the objects of a container",
  "azure-native:storage:FileShare": "a file system",
  "azure-native:compute:Disk": "a volume's data",
  "azure-native:redis:Redis": "what Redis holds",
  "azure-native:cache:Redis": "what Redis holds",
  "azure-native:redisenterprise:RedisEnterprise": "what Redis holds",
  "azure-native:redisenterprise:Database": "what Redis holds",
  "azure-native:dbforpostgresql:Server": "a database",
  "azure-native:dbforpostgresql:Database": "a database",
  "azure-native:sql:Server": "a database",
  "azure-native:sql:Database": "a database",
  "azure-native:cosmosdb:DatabaseAccount": "a database",
  "azure-native:documentdb:DatabaseAccount": "a database",
  "azure-native:keyvault:Vault": "keys and secrets",
  "azure-native:keyvault:Key": "the key to all that it encrypts",
  "azure-native:keyvault:Secret": "a secret",
  "azure-native:containerregistry:Registry": "images and models",
  "azure-native:operationalinsights:Workspace": "logs",
  "azure-native:machinelearningservices:Workspace": "models and runs",
  "azure-native:containerservice:ManagedCluster": "everything in the cluster",

  // Generated once, and used by others since
  "random:index/randomPassword:RandomPassword": "a password in use",
};

/** Returns the data that is lost with a resource of this type; undefined where a stack can create all of it again. */
export function dataHeld(type: string, inputs: Readonly<Record<string, unknown>> = {}): string | undefined {
  if (/^kubernetes:apps\/v1:StatefulSet$/.test(type))
    return volumeClaims(inputs) ? "its volumes' data" : undefined;
  return DATA_BEARING[plainType(type)];
}

function volumeClaims({ spec }: Readonly<Record<string, unknown>>): boolean {
  const claims = (spec as { volumeClaimTemplates?: unknown } | undefined)?.volumeClaimTemplates;
  return Array.isArray(claims) && claims.length > 0;
}
