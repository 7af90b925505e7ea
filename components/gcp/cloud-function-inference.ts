import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { agentMember } from "./agents.ts";
import { checkAccountId } from "./managed-container.ts";
import { CloudRunInference, type CloudRunInferenceArgs } from "./cloud-run-inference.ts";

export interface CloudFunctionInferenceArgs extends Omit<CloudRunInferenceArgs, "target" | "invokers"> {
  /** Number of the project: part of the address of Pub/Sub's service agent. */
  projectNumber: pulumi.Input<string>;
  /** Pub/Sub topic whose messages are the requests. */
  topic: pulumi.Input<string>;
  /** Id of the service account that pushes the messages. @default - `<serviceName>-events` */
  eventsAccountId?: string;
  /** Attempts before a message goes to the dead letter topic; 5 to 100. @default 5 */
  maxAttempts?: number;
}

/**
 * Scores the messages of a Pub/Sub topic, like a 2nd-generation Cloud Function. Cloud Functions builds such a function from
 * source and runs it as a Cloud Run service. It accepts no image, so this component creates the Cloud Run service itself, its
 * subscription, and a dead letter topic. Predictions go to the prediction log.
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
        // Longer than the timeout of the service; otherwise Pub/Sub would deliver a message twice.
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
    // Pub/Sub moves failed messages itself: it publishes them to the dead letter topic and removes them from the subscription.
    const pubsub = pulumi.output(projectNumber).apply((number) => agentMember(number, "pubsub"));
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
