import { z } from "zod";
import { parseEnv, type JobContext } from "../job.ts";
import { askApp } from "./adapters/ask.ts";
import { answerLambdaEvent } from "./adapters/lambda-event.ts";
import { lambdaLoop } from "./adapters/lambda-loop.ts";
import { lambdaRuntime } from "./adapters/lambda-runtime.ts";
import { modelServer } from "./model-server.ts";
import { servingSource } from "./serving-source.ts";

/** `host:port`; Lambda sets it in every function. */
const lambdaEnvSchema = z.object({ AWS_LAMBDA_RUNTIME_API: z.string().min(1) });

export interface ServeLambdaOptions extends Pick<JobContext, "env" | "log" | "signal"> {
  /** Threads of one run of the model. */
  threads: number;
}

/**
 * Serves as a Lambda function: loads the model while the function starts (with provisioned concurrency, before the first request),
 * then answers one event after the other. Reports to Lambda the reason if it cannot start.
 */
export async function serveLambda({ env, log, signal, threads }: ServeLambdaOptions): Promise<void> {
  const { AWS_LAMBDA_RUNTIME_API: api } = parseEnv(env, lambdaEnvSchema);
  const runtime = lambdaRuntime(api);
  try {
    const server = await start({ env, log, threads }).catch(async (error: unknown) => {
      await runtime.initFailed(error);
      throw error;
    });
    const ask = askApp(server.app);
    const name = (): string => server.repository.only().card.name;
    try {
      await lambdaLoop({ runtime, answer: (event) => answerLambdaEvent(event, ask, name), log, signal });
    } finally {
      await server.close();
    }
  } finally {
    runtime.close();
  }
}

async function start({
  env,
  log,
  threads,
}: Omit<ServeLambdaOptions, "signal">): Promise<ReturnType<typeof modelServer>> {
  const server = modelServer({ ...(await servingSource("lambda", env)), log });
  try {
    await server.load(threads);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}
