import type { V1Container, V1JobSpec, V1PodFailurePolicyRule, V1Volume } from "@kubernetes/client-node";
import { GPU_RESOURCE } from "../../components/platform/kubernetes/gpu-types.ts";
import { TRAINER_FOLDERS } from "../../runtime/contract/trainer-container.ts";
import type { PythonTrainer } from "../../runtime/contract/trainers/python.ts";

/** Names of the containers that run, in this order, before the container `runtime` checks the model. */
export const PREPARE_CONTAINER = "prepare";
export const TRAINER_CONTAINER = "trainer";

/** A container that trains. */
export interface TrainerContainer extends Pick<
  PythonTrainer,
  "timeoutMinutes" | "memoryMib" | "cpu" | "gpu"
> {
  /** Image in the registry of the stack: `<repository>@<digest>`. */
  image: string;
}

const ARCH = "kubernetes.io/arch";
const BAD_INPUT = 2;
/** Cores that the scheduler reserves at most, as for other jobs. */
const RESERVED_CORES = 0.25;

/**
 * Returns the spec of a Job of the template of `train` with a container of its author in its pod. First the runtime writes the trainer's
 * files, then the trainer runs, with no credentials of the registry and no token, then the runtime checks the model and pushes it.
 * Throws where the template has not what the trainer needs.
 */
export function withTrainer(spec: V1JobSpec, args: readonly string[], trainer: TrainerContainer): V1JobSpec {
  const pod = spec.template.spec!;
  const runtime = pod.containers[0]!;
  if (pod.nodeSelector?.[ARCH] === "arm64")
    throw new Error(`train: a Python trainer must run on amd64, the nodes of the stack's jobs are arm64`);
  const { [GPU_RESOURCE]: gpus, ...limits } = runtime.resources?.limits ?? {};
  if (trainer.gpu !== undefined && gpus === undefined)
    throw new Error(
      `train: trainer.gpu must have GPUs in the stack, got ${trainer.gpu}; set slipway:training.gpu in its config`,
    );
  const plain: V1Container = { ...runtime, resources: { ...runtime.resources, limits } };
  const mounts = runtime.volumeMounts ?? [];
  const sizeLimit = pod.volumes?.find(({ name }) => name === "tmp")?.emptyDir?.sizeLimit;
  const volume = (name: string): V1Volume => ({
    name,
    emptyDir: sizeLimit === undefined ? {} : { sizeLimit },
  });
  const mount = (
    folder: string,
    readOnly: boolean,
  ): { name: string; mountPath: string; readOnly: boolean } => ({
    name: `work-${folder}`,
    mountPath: `/${folder}`,
    readOnly,
  });
  const prepare: V1Container = {
    ...plain,
    name: PREPARE_CONTAINER,
    args: ["prepare-training", ...args],
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [...mounts, mount(TRAINER_FOLDERS.in, false), mount(TRAINER_FOLDERS.program, false)],
  };
  const train: V1Container = {
    name: TRAINER_CONTAINER,
    image: imageOf(runtime, trainer.image),
    env: threadEnv(trainer.cpu ?? coresOf(limits["cpu"])),
    resources: resourcesOf(plain, trainer, gpus),
    ...(runtime.securityContext === undefined ? {} : { securityContext: runtime.securityContext }),
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      { name: "work-tmp", mountPath: "/tmp" },
      mount(TRAINER_FOLDERS.in, true),
      mount(TRAINER_FOLDERS.program, true),
      mount(TRAINER_FOLDERS.out, false),
    ],
  };
  const check: V1Container = {
    ...plain,
    args: [...(runtime.args ?? []), ...args, "--image", trainer.image],
    volumeMounts: [...mounts, mount(TRAINER_FOLDERS.in, true), mount(TRAINER_FOLDERS.out, true)],
  };
  const folders = ["tmp", ...Object.values(TRAINER_FOLDERS)].map((folder) => volume(`work-${folder}`));
  return {
    ...spec,
    activeDeadlineSeconds: trainer.timeoutMinutes * 60,
    podFailurePolicy: { rules: [...(spec.podFailurePolicy?.rules ?? []), ...FAILURE_RULES] },
    template: {
      ...spec.template,
      spec: {
        ...pod,
        nodeSelector: { ...pod.nodeSelector, [ARCH]: "amd64" }, // of the wheels
        initContainers: [prepare, train],
        containers: [check, ...pod.containers.slice(1)],
        volumes: [...(pod.volumes ?? []), ...folders],
      },
    },
  };
}

/** What a program does wrong it does wrong again. */
const FAILURE_RULES: V1PodFailurePolicyRule[] = [
  { action: "FailJob", onExitCodes: { containerName: TRAINER_CONTAINER, operator: "NotIn", values: [0] } },
  {
    action: "FailJob",
    onExitCodes: { containerName: PREPARE_CONTAINER, operator: "In", values: [BAD_INPUT] },
  },
];

/** Returns the reference of an image in the registry that the pods know. */
function imageOf({ env = [] }: V1Container, image: string): string {
  const url = env.find(({ name }) => name === "SLIPWAY_REGISTRY")?.value;
  if (url === undefined)
    throw new Error("train: its template must name the registry: npm run up puts it back");
  const { host, pathname } = new URL(url);
  return `${host}${pathname.replace(/\/$/, "")}/${image}`;
}

function resourcesOf(
  { resources = {} }: V1Container,
  { memoryMib, cpu, gpu }: TrainerContainer,
  gpus: string | undefined,
): V1Container["resources"] {
  // As much memory as it may use: a training that meets others on a full node is killed late.
  const memory: Record<string, string> = memoryMib === undefined ? {} : { memory: `${memoryMib}Mi` };
  const millis = (cores: number): Record<string, string> => ({ cpu: `${Math.round(cores * 1000)}m` });
  const count = gpu === undefined ? gpus : String(gpu);
  return {
    requests: {
      ...resources.requests,
      ...memory,
      ...(cpu === undefined ? {} : millis(Math.min(cpu, RESERVED_CORES))),
    },
    limits: {
      ...resources.limits,
      ...memory,
      ...(cpu === undefined ? {} : millis(cpu)),
      ...(count === undefined ? {} : { [GPU_RESOURCE]: count }),
    },
  };
}

/** Libraries count the cores of the node, not those that the container may use. */
function threadEnv(cores: number | undefined): { name: string; value: string }[] {
  if (cores === undefined) return [];
  const value = String(Math.max(1, Math.floor(cores)));
  return ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LOKY_MAX_CPU_COUNT"].map((name) => ({ name, value }));
}

function coresOf(quantity: string | undefined): number | undefined {
  if (quantity === undefined) return undefined;
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}
