import type { Bill, Pricers } from "../estimate/charge.ts";
import type { InputReader } from "../estimate/input-reader.ts";
import { NotPriced } from "../estimate/not-priced.ts";
import type { PricedCloud } from "../prices/price-table.ts";
import { gib } from "../estimate/quantity.ts";
import { karpenterPool } from "./provisioned-nodes.ts";
import { charge, nothing, singleCharge, usagePriced } from "./simple.ts";

/** SKUs of a volume of the default storage class, and of the load balancer of a Service, by cloud. */
const SKUS: Record<PricedCloud, { disk: string; balancer: string; data: string }> = {
  aws: { disk: "gp3", balancer: "nlb", data: "nlb-gib" },
  gcp: { disk: "pd-balanced", balancer: "forwarding-rule", data: "load-balancer-gib" },
  azure: { disk: "standard-ssd", balancer: "load-balancer", data: "load-balancer-gib" },
};

function claim(inputs: InputReader, cloud: PricedCloud, copies = 1): Bill {
  const size = inputs.string("spec.resources.requests.storage");
  if (size === undefined) throw new NotPriced("unknown value", "spec.resources.requests.storage is not set");
  return singleCharge("disk", SKUS[cloud].disk, gib(size, 0) * copies);
}

/** Classes of Gateways whose controller makes a load balancer, and whether it also makes a public address. */
const GATEWAY_CLASSES: Readonly<Record<string, { address: boolean }>> = {
  "gke-l7-global-external-managed": { address: false }, // the address is a resource of its own
  "approuting-istio": { address: true },
};

/** Prices what the controller of a Gateway makes, which is not in the plan. `dataGib` passes it in a month. */
function gateway(inputs: InputReader, cloud: PricedCloud, dataGib: number): Bill {
  const { balancer, data } = SKUS[cloud];
  const name = inputs.required("spec.gatewayClassName");
  const made = GATEWAY_CLASSES[name];
  if (made === undefined)
    return {
      charges: [],
      unpriced: [{ why: "usage priced", detail: `what the class ${name} makes is not in the plan` }],
    };
  return {
    charges: [
      charge("load balancer", balancer),
      charge("data", data, dataGib),
      ...(made.address ? [charge("public IP address", "public-ip")] : []),
    ],
    notes: ["each Gateway has a load balancer of its own: clouds bill up to five rules of one as one"],
  };
}

const chart = usagePriced("the resources of the chart are not in the plan");

/** Pricers of Kubernetes objects for which the cloud creates a volume or a load balancer. Other objects are free. */
export function kubernetesPricers(cloud: PricedCloud): Pricers {
  const { balancer, data } = SKUS[cloud];
  return {
    "kubernetes:core/v1:Service": (inputs, { usage }) =>
      inputs.string("spec.type") === "LoadBalancer"
        ? { charges: [charge("load balancer", balancer), charge("data", data, usage.loadBalancerGib)] }
        : nothing,
    "kubernetes:gateway.networking.k8s.io/v1:Gateway": (inputs, { usage }) =>
      gateway(inputs, cloud, usage.loadBalancerGib),
    "kubernetes:core/v1:PersistentVolumeClaim": (inputs) => claim(inputs, cloud),
    "kubernetes:apps/v1:StatefulSet": (inputs) => {
      const templates = inputs.list("spec.volumeClaimTemplates");
      if (templates.length === 0) return nothing;
      const replicas = inputs.number("spec.replicas") ?? 1;
      return { charges: templates.flatMap((template) => claim(template, cloud, replicas).charges) };
    },
    "kubernetes:karpenter.sh/v1:NodePool": (inputs, context) => karpenterPool(inputs, context, cloud),
    "kubernetes:helm.sh/v3:Release": chart,
    "kubernetes:helm.sh/v3:Chart": chart,
    "kubernetes:helm.sh/v4:Chart": chart,
  };
}
