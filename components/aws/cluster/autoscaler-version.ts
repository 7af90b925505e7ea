/**
 * Returns a warning when the image of Cluster Autoscaler is made for another minor version of Kubernetes; otherwise undefined. It
 * simulates the scheduler of its own version. `source` is the source of the image in the lock file; one without a version is not judged.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/README.md#releases
 */
export function autoscalerVersionWarning(source: string, kubernetes: string): string | undefined {
  const minor = /cluster-autoscaler:v(\d+\.\d+)\./.exec(source)?.[1];
  if (minor === undefined || minor === kubernetes) return undefined;
  return (
    `cluster-autoscaler: the image must be of version ${kubernetes}, that of the cluster, got ${minor}; ` +
    "change its reference in images.sources.json, take the digest away and run npm run lock -- --stack NAME"
  );
}
