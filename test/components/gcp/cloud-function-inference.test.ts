import { expect, test } from "vitest";
import {
  CloudFunctionInference,
  type CloudFunctionInferenceArgs,
} from "../../../components/gcp/cloud-function-inference.ts";
import { digest, model } from "../platform/serving/model.ts";
import { find, list, record } from "../record.ts";

const HOST = "europe-west3-docker.pkg.dev";
const build = (args: Partial<CloudFunctionInferenceArgs> = {}) =>
  record(
    () =>
      new CloudFunctionInference("score", {
        project: "acme",
        projectNumber: "123456789012",
        region: "europe-west3",
        environment: "production",
        service: "pushback",
        image: `${HOST}/acme/slipway/runtime@${digest}`,
        registryUrl: `https://${HOST}/acme`,
        repositories: [],
        accountId: "score-flights",
        model,
        topic: "projects/acme/topics/flights",
        ...args,
      }),
  );

test("a function has a service, a subscription, and a dead letter topic", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "gcp:cloudrunv2/service:Service score-run-service",
    "gcp:cloudrunv2/serviceIamMember:ServiceIamMember score-invoker",
    "gcp:pubsub/subscription:Subscription score-subscription",
    "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember score-takes-off",
    "gcp:pubsub/topic:Topic score-dead-letters",
    "gcp:pubsub/topicIAMMember:TopicIAMMember score-puts-aside",
    "gcp:serviceaccount/account:Account score-events",
    "gcp:serviceaccount/account:Account score-run-account",
    "slipway:serverless:CloudFunctionInference score",
    "slipway:serverless:CloudRunInference score-run",
  ]);
  const { template } = find(resources, "gcp:cloudrunv2/service:Service", "score-run-service") as {
    template: { containers: [{ envs: { name: string; value: string }[] }] };
  };
  expect(template.containers[0].envs).toContainEqual({ name: "SLIPWAY_TARGET", value: "cloud-functions" });
});

test("messages are pushed with an identity, retried, and moved to the dead letter topic", async () => {
  const { resources } = await build({ timeoutSeconds: 60, maxAttempts: 7 });
  expect(find(resources, "gcp:pubsub/subscription:Subscription", "score-subscription")).toMatchObject({
    topic: "projects/acme/topics/flights",
    ackDeadlineSeconds: 70,
    deadLetterPolicy: { deadLetterTopic: "score-dead-letters-id", maxDeliveryAttempts: 7 },
    retryPolicy: { minimumBackoff: "10s", maximumBackoff: "600s" },
  });
  const pubsub = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com";
  expect(find(resources, "gcp:pubsub/topicIAMMember:TopicIAMMember", "score-puts-aside")).toMatchObject({
    role: "roles/pubsub.publisher",
    member: pubsub,
  });
  expect(
    find(resources, "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember", "score-takes-off"),
  ).toMatchObject({
    role: "roles/pubsub.subscriber",
    member: pubsub,
  });
});

test.each<[string, Partial<CloudFunctionInferenceArgs>, string]>([
  ["too few attempts", { maxAttempts: 1 }, "score: maxAttempts must be between 5 and 100, got 1"],
  ["a project's name for its number", { projectNumber: "acme" }, "projectNumber must be digits"],
])("refuses %s", async (_what, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
