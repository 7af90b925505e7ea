import type { Account } from "./account/account.ts";
import type { TokenCheck } from "./identity/service-account-tokens.ts";
import type { Kubectl } from "./kubernetes/kubectl.ts";
import type { Authority } from "./network/authority.ts";
import type { Site } from "./network/front.ts";
import type { PublicRegistries } from "./network/public-registries.ts";
import type { StoreBehind } from "./registry/store-behind.ts";

/** Header that says to a stand-in of a load balancer which address calls. @default - an address of `clientCidrs` */
export const CLIENT_HEADER = "x-walk-client";

/** What the stand-in of a cloud uses of this machine. */
export interface LocalServices {
  /** Administers the local cluster, which becomes that of the cloud. */
  kubectl: Kubectl;
  /** Checks tokens of the cluster's service accounts. */
  check: TokenCheck;
  /** Authority that everything trusts. */
  authority: Authority;
  store: StoreBehind;
  upstream: PublicRegistries;
  /** Token of the cluster for the person who deploys. */
  clusterToken: string;
  /** DNS zone of the gateways. */
  zone: string;
  /** Lets pods find a further host. */
  resolveInPods: (host: string) => Promise<void>;
  /** Registers what to do at the end. */
  atEnd: (step: () => Promise<void> | void) => void;
}

/** The stand-in of a cloud with nothing in it. */
export interface Cloud {
  account: Account;
  /** HTTPS host, or `*.` and the end of hosts → who answers there. Nodes and commands find all of them, pods those with a name. */
  sites: Readonly<Record<string, Site>>;
  /** Further hosts that pods find at the same address. */
  podHosts: readonly string[];
  /** Load balancers of the zone. */
  balancer: Site;
  /** Imports the certificate of the gateways, where a person has to. @default - the cloud issues it */
  importCertificate?: () => Promise<void>;
  /** Registry of the account, with the header by which nodes pull. */
  registry: { host: string; authorization: string };
  /** Command of the cloud → script, for the person who deploys. */
  commands: Readonly<Record<string, string>>;
  /** Driver of the volumes that the stack's storage class names. */
  volumeDriver: string;
  /** Name of a secret in the store → its value. Nobody has filled the others. */
  secretValues: Map<string, string>;
  /** Requests without the right to what they ask for. */
  refused: () => string[];
}

/** Values for a stack's file, by the path of their key. */
export type StackEdits = Readonly<Record<string, unknown>>;

/** How a person walks the deploy guide of one cloud. */
export interface CloudWalk {
  /** Name of the cloud, for titles. */
  cloud: string;
  stacks: { foundation: string; platform: string };
  /** What the guide tells people to write into the file of the foundation. */
  foundationEdits: (zone: string) => StackEdits;
  /** Version of Kubernetes to which the foundation goes, and where it is read. */
  upgrade: { to: string; type: string; versionKey: string };
  /** Type of what the registry is made of: its repositories, or the registry itself. */
  repositoryType: string;
  /** Stack that makes it, and protects it. */
  repositoryLayer: "foundation" | "platform";
  secrets: {
    /** Kind of the secret store in the config. */
    store: string;
    /** Returns the name in the store of an entry of `cloud.secrets`. */
    nameOf: (secret: string) => string;
  };
  /** Project of the base URL, which begins the path of each repository; empty if the URL has none. */
  repositoryPrefix: string;
  /** What clients get that `clientCidrs` leaves out. @default - not asked: their packets do not come to the stand-in */
  strangers?: number | "no answer";
  start: (local: LocalServices) => Promise<Cloud>;
}
