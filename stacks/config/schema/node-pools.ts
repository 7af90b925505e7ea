import { z } from "zod";
import { gcpSpotFault, gpuMachineFault, type Cloud } from "../../../components/platform/gpu/gpu-machines.ts";
import { GPU_TYPES, MIG_TYPES } from "../../../components/platform/kubernetes/gpu-types.ts";
import { eachOnce } from "./each-once.ts";
import { count, nameSchema } from "./scalars.ts";

/** Limits of the number of nodes, which follows the load. */
const scale = { min: count(0).optional(), max: count(1) };
const minFitsMax = ({ min = 0, max }: { min?: number | undefined; max: number }): boolean => min <= max;
const MIN_FITS_MAX = { error: "must not be more than max", path: ["min"] };

/** Further machine types of a spot pool. Without spare capacity of one type, AWS takes another. */
const spotMachines = z
  .array(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "must be an instance type such as m7a.2xlarge"))
  .min(1)
  .refine(...eachOnce("machine"))
  .optional();

/** Nodes without GPUs. The component of the cluster has the defaults. */
export const nodePoolSchema = z
  .strictObject({
    /** Machine type of the cloud. */
    machine: z.string().min(1).optional(),
    spot: z.boolean().optional(),
    /** EKS only. Default: machines with the same cores and memory. */
    spotMachines,
    ...scale,
    diskGib: count(20).optional(),
  })
  .refine(minFitsMax, MIN_FITS_MAX);

const gpuPool = {
  type: z.enum(GPU_TYPES),
  count: count(1),
  spot: z.boolean().optional(),
  ...scale,
  diskGib: count(50).optional(),
  timeSlicing: count(2).optional(),
  mig: z
    .string()
    .regex(/^\d+g\.\d+gb$/, "must be a profile such as 1g.10gb")
    .optional(),
  /** EKS only. Default: larger machines with one GPU, if the pool has machines with one. */
  spotMachines,
};

/** Schema of the zones that have the machine of a pool, which not every zone has. */
function poolZones(zone: z.ZodType<string>): z.ZodOptional<z.ZodArray<z.ZodType<string>>> {
  return z
    .array(zone)
    .refine(...eachOnce("zone"))
    .optional();
}

const MAX_RUN_HOURS = 168;

export const awsGpuPools = z
  .record(
    nameSchema,
    z
      .strictObject({
        ...gpuPool,
        zones: z
          .custom<undefined>(
            (value) => value === undefined,
            "must be left out: the pools of this cloud have the zones of the cluster",
          )
          .optional(),
        /** Reserved capacity. Default: on demand, or spot. */
        capacity: z
          .strictObject({
            /** A reservation of EC2, or a capacity block, which is paid in advance. */
            kind: z.enum(["reservation", "block"]),
            id: z
              .string()
              .regex(
                /^cr-[0-9a-f]+$/,
                "must be the id of a capacity reservation, such as cr-0a1b2c3d4e5f60718",
              ),
            /** Zone of the reservation, as `cluster.zones` has it. */
            zone: z.string().min(1),
          })
          .optional(),
      })
      .superRefine((pool, context) => checkGpuPool("aws", pool, context)),
  )
  .prefault({});

export const gcpZone = z.string().regex(/^[a-z]+-[a-z]+\d+-[a-z]$/, "must be a zone such as europe-west4-a");

export const gcpGpuPools = z
  .record(
    nameSchema,
    z
      .strictObject({
        ...gpuPool,
        /** Default: those that are known to have the GPU. */
        zones: poolZones(gcpZone).refine((given) => given?.length !== 0, "must have at least 1 entry"),
        /** Reserved capacity, or capacity for which nodes wait. Default: on demand, or spot. */
        capacity: z
          .discriminatedUnion("kind", [
            z.strictObject({
              kind: z.literal("reservation"),
              id: z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be the name of a reservation"),
            }),
            z.strictObject({
              kind: z.literal("flex-start"),
              maxRunHours: count(1).max(MAX_RUN_HOURS).optional(),
            }),
          ])
          .optional(),
      })
      .superRefine((pool, context) => checkGpuPool("gcp", pool, context)),
  )
  .prefault({});

export const azureZone = z.enum(["1", "2", "3"]);

export const azureGpuPools = z
  .record(
    nameSchema,
    z
      .strictObject({
        ...gpuPool,
        /** Default: those of the cluster. */
        zones: poolZones(azureZone),
        /** Reserved capacity. Default: on demand, or spot. */
        capacity: z
          .strictObject({
            kind: z.literal("reservation"),
            id: z
              .string()
              .regex(
                /^\/subscriptions\/.+\/capacityReservationGroups\/[^/]+$/,
                "must be the id of a capacity reservation group",
              ),
          })
          .optional(),
      })
      .superRefine((pool, context) => checkGpuPool("azure", pool, context)),
  )
  .prefault({});

/** Keys of a GPU pool that depend on one another. */
interface CheckedGpuPool {
  type: (typeof GPU_TYPES)[number];
  count: number;
  spot?: boolean | undefined;
  min?: number | undefined;
  max: number;
  timeSlicing?: number | undefined;
  mig?: string | undefined;
  capacity?: { kind: string } | undefined;
}

/** Refuses a pool whose keys do not fit one another, and GPUs for which the cloud has no machine. */
function checkGpuPool(cloud: Cloud, pool: CheckedGpuPool, context: z.RefinementCtx): void {
  const { type, count: gpus, spot = false, min = 0, timeSlicing, mig, capacity } = pool;
  const refuse = (path: string[], message: string): void =>
    context.addIssue({ code: "custom", path, message });
  const waits = capacity?.kind === "flex-start";
  if (!minFitsMax(pool)) refuse(MIN_FITS_MAX.path, MIN_FITS_MAX.error);
  if (timeSlicing !== undefined && mig !== undefined)
    refuse([], "must not have both timeSlicing and mig: keep one");
  if (capacity !== undefined && spot) refuse(["spot"], "must be left out beside capacity");
  if (waits && min > 0) refuse(["min"], "must be 0 with capacity of the kind flex-start, whose nodes end");
  const fault = gpuMachineFault(cloud, type, gpus);
  const spotFault = cloud === "gcp" && !waits ? gcpSpotFault(type, gpus, spot) : undefined;
  if (fault !== undefined) refuse([fault.property], fault.rule);
  else if (spotFault !== undefined) refuse(["spot"], spotFault);
  if (mig !== undefined && !MIG_TYPES.includes(type))
    refuse(
      ["mig"],
      `must be left out for ${type}, which does not split: use timeSlicing, or one of ${MIG_TYPES.join(", ")}`,
    );
}

/** A pool of AWS Neuron chips. */
export const neuronPool = z
  .strictObject({
    /** Instance type of the inf2, trn1 or trn2 family. */
    machine: z.string().regex(/^(inf2|trn1|trn1n|trn2)\.\w+$/, "must be an inf2, trn1 or trn2 instance type"),
    spot: z.boolean().optional(),
    ...scale,
  })
  .refine(minFitsMax, MIN_FITS_MAX);

/** A pool of Google TPUs. */
export const tpuPool = z
  .strictObject({
    /** Machine type such as ct5lp-hightpu-4t. */
    machine: z.string().regex(/^ct\w+-hightpu-\d+t$/, "must be a TPU machine type, such as ct5lp-hightpu-4t"),
    /** Arrangement of the chips, such as 2x2. */
    topology: z.string().regex(/^\d+x\d+(x\d+)?$/, "must be a topology such as 2x2"),
    /** Zone of the region with the chips; required for a slice of several nodes. Default: any zone. */
    zone: z
      .string()
      .regex(/^[a-z]+-[a-z]+\d-[a-z]$/, "must be a zone such as europe-west4-b")
      .optional(),
    spot: z.boolean().optional(),
    ...scale,
  })
  .refine(minFitsMax, MIN_FITS_MAX);
