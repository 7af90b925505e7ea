import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { checkAccountId } from "./managed-container.ts";
import { CloudRunInference, type CloudRunInferenceArgs } from "./cloud-run-inference.ts";

export interface CloudFunctionInferenceArgs extends Omit<CloudRunInferenceArgs, "target" | "invokers"> {
  /** Number of the project, by which its Pub/Sub has an identity. */
  projectNumber: pulumi.Input<string>;
  /** Topic of Pub/Sub whose messages are requests. */
  topic: pulumi.Input<string>;
  /** Name of the service account that brings them. @default - `<serviceName>-events` */
  eventsAccountId?: string;
  /** Attempts before a message is put aside, 5 to 100. @default 5 */
  maxAttempts?: number;
}

/**
 * Scores messages of a Pub/Sub topic: what a 2nd-generation Cloud Function with a container does. Such a function is a Cloud
 * Run service; Cloud Functions itself builds from source and takes no image, so this is that service, its subscription, and a
 * topic for what it cannot score. Answers go to the prediction log.
 *
 * @see https://cloud.google.com/run/docs/triggering/pubsub-push
 */
export class CloudFunctionInference extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  /** Name of the revision that was deployed last. */
  readonly revision: pulumi.Output<string>;
  /** Topic of the messages that could not be scored. */
  readonly deadLetterTopic: pulumi.Output<string>;

  constructor(name: string, args: CloudFunctionInferenceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:serverless:CloudFunctionInference", name, {}, opts);
    const { projectNumber, topic, maxAttempts = 5, ...service } = args;
    const { project, labels, kmsKeyName, timeoutSeconds = 30, serviceName = name } = args;
    const { eventsAccountId = `${serviceName}-events` } = args;
    within(5, 100, maxAttempts, `${name}: maxAttempts`);
    checkAccountId(name, eventsAccountId);
    if (typeof projectNumber === "string" && !/^\d+$/.test(projectNumber))
      throw new Error(`${name}: projectNumber must be digits, got ${JSON.stringify(projectNumber)}`);
    const child = { parent: this };
    const run = new CloudRunInference(
      `${name}-run`,
      { ...service, serviceName, target: "cloud-functions" },
      child,
    );
    const events = new gcp.serviceaccount.Account(
      `${name}-events`,
      { project, accountId: eventsAccountId, displayName: `Brings events to ${serviceName}` },
      child,
    );
    const invoker = new gcp.cloudrunv2.ServiceIamMember(
      `${name}-invoker`,
      {
        project,
        location: args.region,
        name: run.serviceName,
        role: "roles/run.invoker",
        member: events.member,
      },
      child,
    );
    const deadLetters = new gcp.pubsub.Topic(
      `${name}-dead-letters`,
      { project, kmsKeyName, messageRetentionDuration: "604800s", labels },
      child,
    );
    const subscription = new gcp.pubsub.Subscription(
      `${name}-subscription`,
      {
        project,
        topic,
        // Longer than the service may take, or a message would be brought twice.
        ackDeadlineSeconds: Math.min(600, Math.max(10, timeoutSeconds + 10)),
        expirationPolicy: { ttl: "" },
        pushConfig: {
          pushEndpoint: run.url,
          oidcToken: { serviceAccountEmail: events.email, audience: run.url },
        },
        deadLetterPolicy: { deadLetterTopic: deadLetters.id, maxDeliveryAttempts: maxAttempts },
        retryPolicy: { minimumBackoff: "10s", maximumBackoff: "600s" },
        labels,
      },
      { ...child, dependsOn: [invoker] },
    );
    // Pub/Sub itself moves what failed: it publishes there and takes it off here.
    const pubsub = pulumi.interpolate`serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
    new gcp.pubsub.TopicIAMMember(
      `${name}-puts-aside`,
      { project, topic: deadLetters.name, role: "roles/pubsub.publisher", member: pubsub },
      { ...child, deletedWith: deadLetters },
    );
    new gcp.pubsub.SubscriptionIAMMember(
      `${name}-takes-off`,
      { project, subscription: subscription.name, role: "roles/pubsub.subscriber", member: pubsub },
      { ...child, deletedWith: subscription },
    );
    this.url = run.url;
    this.revision = run.revision;
    this.deadLetterTopic = deadLetters.id;
    this.registerOutputs({ url: this.url, deadLetterTopic: this.deadLetterTopic });
  }
}
