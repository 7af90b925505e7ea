import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { inputsHash, jobFromTemplate } from "../../../operations/pipeline/job-from-template.ts";
import { explainFailure } from "../../../operations/pipeline/job-failed.ts";
import { lastProgress, trainerState } from "../../../operations/pipeline/trainer-state.ts";
import type { TrainerContainer } from "../../../operations/pipeline/with-trainer.ts";
import { trainTemplate } from "./fake-cluster-jobs.ts";

const ARGS = ["--definition", "d@sha256:1", "--features", "f@sha256:1"];
const trainer: TrainerContainer = {
  image: "w/definition@sha256:2",
  timeoutMinutes: 5,
  memoryMib: 512,
  cpu: 1.5,
};

/** The template as the stack has it: with credentials, a GPU where one is set, and no privileges. */
function template({ gpus = 0, arch }: { gpus?: number; arch?: string } = {}): ReturnType<
  typeof trainTemplate
> {
  const cronJob = trainTemplate();
  const pod = cronJob.spec!.jobTemplate.spec!.template.spec!;
  const runtime = pod.containers[0]!;
  runtime.env = [{ name: "SLIPWAY_REGISTRY", value: "http://10.88.0.1:5000/team" }];
  runtime.resources = {
    requests: { cpu: "250m", memory: "512Mi" },
    limits: { cpu: "2000m", memory: "2048Mi", ...(gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {}) },
  };
  runtime.securityContext = { readOnlyRootFilesystem: true };
  runtime.volumeMounts = [
    { name: "tmp", mountPath: "/tmp" },
    { name: "registry-credentials", mountPath: "/run/slipway/registry", readOnly: true },
  ];
  pod.volumes = [{ name: "tmp", emptyDir: { sizeLimit: "4096Mi" } }];
  if (arch !== undefined) pod.nodeSelector = { "kubernetes.io/arch": arch };
  return cronJob;
}

const job = jobFromTemplate(template(), ARGS, 1, trainer);
const pod = job.spec!.template.spec!;
const [prepare, train] = pod.initContainers!;

describe("a Job with a trainer", () => {
  it("prepares, trains and checks, in this order", () => {
    expect(prepare).toMatchObject({ name: "prepare", args: ["prepare-training", ...ARGS] });
    expect(train).toMatchObject({ name: "trainer", image: "10.88.0.1:5000/team/w/definition@sha256:2" });
    expect(train!.args).toBeUndefined();
    expect(pod.containers[0]!.args).toEqual(["train", ...ARGS, "--image", "w/definition@sha256:2"]);
  });

  it("gives the trainer its files and a /tmp, and neither credentials nor the address of the registry", () => {
    expect(train!.volumeMounts).toEqual([
      { name: "work-tmp", mountPath: "/tmp" },
      { name: "work-in", mountPath: "/in", readOnly: true },
      { name: "work-trainer", mountPath: "/trainer", readOnly: true },
      { name: "work-out", mountPath: "/out", readOnly: false },
    ]);
    expect(train!.env?.map(({ name }) => name)).toEqual([
      "OMP_NUM_THREADS",
      "OPENBLAS_NUM_THREADS",
      "LOKY_MAX_CPU_COUNT",
    ]);
    expect(train!.securityContext).toEqual({ readOnlyRootFilesystem: true });
    expect(pod.volumes).toContainEqual({ name: "work-out", emptyDir: { sizeLimit: "4096Mi" } });
  });

  it("has the limits of the definition, and no second try of a program that fails", () => {
    expect(train!.resources).toEqual({
      requests: { cpu: "250m", memory: "512Mi" },
      limits: { cpu: "1500m", memory: "512Mi" },
    });
    expect(job.spec!.activeDeadlineSeconds).toBe(300);
    expect(job.spec!.podFailurePolicy?.rules).toContainEqual({
      action: "FailJob",
      onExitCodes: { containerName: "trainer", operator: "NotIn", values: [0] },
    });
  });

  it("gives the GPUs to the trainer alone", () => {
    const { initContainers, containers } = jobFromTemplate(template({ gpus: 1 }), ARGS, 1, {
      ...trainer,
      gpu: 2,
    }).spec!.template.spec!;
    expect(initContainers![1]!.resources?.limits?.["nvidia.com/gpu"]).toBe("2");
    for (const container of [initContainers![0]!, containers[0]!])
      expect(container.resources?.limits).toEqual({ cpu: "2000m", memory: "2048Mi" });
  });

  it("needs GPUs in the stack where the definition asks for one, and nodes for its wheels", () => {
    expect(() => jobFromTemplate(template(), ARGS, 1, { ...trainer, gpu: 1 })).toThrow(
      "train: trainer.gpu must have GPUs in the stack, got 1; set slipway:training.gpu in its config",
    );
    expect(() => jobFromTemplate(template({ arch: "arm64" }), ARGS, 1, trainer)).toThrow("must run on amd64");
    expect(pod.nodeSelector).toEqual({ "kubernetes.io/arch": "amd64" });
  });

  it("is another Job for another image", () => {
    const other = { ...trainer, image: "w/definition@sha256:3" };
    expect(inputsHash(template(), ARGS, other)).not.toBe(inputsHash(template(), ARGS, trainer));
  });
});

/** A pod whose container of this name has ended. */
const ended = (name: string, state: { exitCode: number; reason?: string; message?: string }): V1Pod => ({
  metadata: { name: "p" },
  status: { initContainerStatuses: [{ name, state: { terminated: state } } as never] },
});

describe("a trainer that fails", () => {
  it.each<[string, V1Pod, string]>([
    [
      "for its memory names the limit and the key",
      ended("trainer", { exitCode: 137, reason: "OOMKilled" }),
      "train: train.py must fit in its memory, 512Mi, and was killed with exit code 137; raise memoryMib of the trainer in the definition",
    ],
    [
      "says the last lines of its output, without its progress",
      ended("trainer", { exitCode: 1, message: '{"message":"epoch"}\nTraceback:\nKeyError: \'alpha\'\n' }),
      "train: train.py must end with exit code 0, got 1:\nTraceback:\nKeyError: 'alpha'",
    ],
    [
      "in its preparation says the error of the runtime",
      ended("prepare", {
        exitCode: 2,
        message: '{"level":"error","message":"no such table","code":"bad-input"}',
      }),
      "train: the data of the trainer could not be prepared: no such table",
    ],
  ])("%s", (_, failed, message) => {
    expect(explainFailure(job, failed, "")).toBe(message);
  });

  it("for its time names the key", () => {
    const late = {
      ...job,
      status: { conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded" }] },
    };
    expect(explainFailure(late, undefined, "")).toContain("not done after 300 s");
    expect(explainFailure(late, undefined, "")).toContain(
      "raise timeoutMinutes of the trainer in the definition",
    );
  });
});

describe("the state of a trainer", () => {
  const running: V1Pod = {
    metadata: { name: "p" },
    status: { initContainerStatuses: [{ name: "trainer", state: { running: {} } } as never] },
  };

  it("is its last progress", async () => {
    const log = 'loading\n{"message": "epoch", "done": 3, "of": 10}\nnote\n';
    expect(await trainerState({ logTail: () => Promise.resolve(log) }, running)).toBe(
      "train.py: epoch 3 of 10",
    );
    expect(await trainerState({ logTail: () => Promise.resolve("") }, running)).toBe("train.py runs");
    expect(lastProgress('{"loss": 1}')).toBeUndefined();
  });
});
