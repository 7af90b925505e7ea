import { afterAll, beforeAll, expect } from "vitest";
import { addRoutes } from "../../../../runtime/serving/adapters/routes.ts";
import { targetSettings } from "../../../../runtime/serving/adapters/target-settings.ts";
import { servedTinyModel, type ServedTinyModel } from "../served-tiny-model.ts";
import { ROW_SCORE } from "./recorded-event.ts";

export type Target = Parameters<typeof targetSettings>[0];

/** Environment variables that the targets set. */
export const ENV = {
  AIP_HTTP_PORT: "8085",
  AIP_HEALTH_ROUTE: "/v1/endpoints/7/deployedModels/8",
  AIP_PREDICT_ROUTE: "/v1/endpoints/7/deployedModels/8:predict",
  PORT: "8090",
  FUNCTIONS_CUSTOMHANDLER_PORT: "41234",
};

export interface Answer {
  status: number;
  type: string;
  body: string;
  json: () => Record<string, unknown>;
}

/**
 * Serves the tiny model on each target and returns a function that sends a request to one of them. Must be called at the top
 * level of a test file.
 */
export function servedTargets(
  ...targets: Target[]
): (
  target: Target,
  method: "GET" | "POST",
  url: string,
  payload?: string | object,
  headers?: Record<string, string>,
) => Promise<Answer> {
  const served = new Map<Target, ServedTinyModel>();
  beforeAll(async () => {
    for (const target of targets) {
      const { routes, maxBodyBytes } = targetSettings(target, ENV);
      const model = await servedTinyModel({ ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }) });
      addRoutes(model.app, routes, () => model.repository.only().card);
      served.set(target, model);
    }
  });
  afterAll(async () => {
    for (const { app } of served.values()) await app.close();
  });
  return async (target, method, url, payload, headers = {}) => {
    const response = await served.get(target)!.app.inject({ method, url, payload, headers });
    return {
      status: response.statusCode,
      type: String(response.headers["content-type"]),
      body: response.body,
      json: () => response.json(),
    };
  };
}

/** The answer of `infer` for `rows` rows that each are ROW. */
export const scored = (rows = 1): object => ({
  model_name: "tiny",
  model_version: "0123456789ab",
  id: expect.any(String) as string,
  parameters: { prediction_id: expect.any(String) as string },
  outputs: [
    {
      name: "probability",
      shape: [rows, 1],
      datatype: "FP32",
      data: Array<unknown>(rows).fill(expect.closeTo(ROW_SCORE, 6)),
    },
  ],
});
