import type { types } from "@pulumi/kubernetes";

type DefinitionSpec = types.input.apiextensions.v1.CustomResourceDefinitionSpec;
type Schema = types.input.apiextensions.v1.JSONSchemaProps;

/** API version of TargetGroupBinding. */
export const TARGET_GROUP_BINDING_API = "elbv2.k8s.aws/v1beta1";

const text: Schema = { type: "string" };
const anyObject: Schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };

/**
 * Custom resource definitions of AWS Load Balancer Controller 3 by name. TargetGroupBinding has only the fields that `AlbGateway` sets.
 * The controller watches IngressClassParams and ALBTargetControlConfig from its start, also if nobody uses Ingresses.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/tree/v3.5.0/config/crd/bases
 */
export function targetGroupDefinitions(): Record<string, DefinitionSpec> {
  return {
    "targetgroupbindings.elbv2.k8s.aws": definition("TargetGroupBinding", "Namespaced", {
      type: "object",
      required: ["serviceRef"],
      properties: {
        targetGroupARN: text,
        targetGroupName: text,
        targetGroupProtocol: text,
        targetType: { ...text, enum: ["instance", "ip"] },
        ipAddressType: { ...text, enum: ["ipv4", "ipv6"] },
        vpcID: text,
        serviceRef: {
          type: "object",
          required: ["name", "port"],
          properties: { name: text, port: { x_kubernetes_int_or_string: true } },
        },
      },
    }),
    "ingressclassparams.elbv2.k8s.aws": definition("IngressClassParams", "Cluster", anyObject),
    "albtargetcontrolconfigs.elbv2.k8s.aws": definition("ALBTargetControlConfig", "Namespaced", anyObject),
  };
}

function definition(kind: string, scope: "Cluster" | "Namespaced", spec: Schema): DefinitionSpec {
  const singular = kind.toLowerCase();
  return {
    group: "elbv2.k8s.aws",
    scope,
    names: {
      kind,
      listKind: `${kind}List`,
      plural: singular.endsWith("s") ? singular : `${singular}s`,
      singular,
    },
    versions: [
      {
        name: "v1beta1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", properties: { spec, status: anyObject } } },
      },
    ],
  };
}
