import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";

const config = new pulumi.Config();

class Service extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, namespace: pulumi.Output<string>, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Service", name, {}, opts);
    const password = new random.RandomPassword(`${name}-password`, { length: 20 }, { parent: this });
    const secret = new k8s.core.v1.Secret(
      `${name}-secret`,
      { metadata: { namespace }, stringData: { password: password.result } },
      { parent: this },
    );
    const map = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      {
        metadata: { namespace, labels: config.requireObject("labels") },
        data: { greeting: config.require("greeting") },
      },
      { parent: this, dependsOn: [secret] },
    );
    this.name = map.metadata.name;
    this.registerOutputs({ name: this.name });
  }
}

const namespace = new k8s.core.v1.Namespace("space", {
  metadata: { labels: { replicas: config.require("replicas") } },
});
const service = new Service("web", namespace.metadata.name);

export const configMap = service.name;
export const token = pulumi.secret("very secret");
