import { z } from "zod";
import { PORT } from "../../contract/port.ts";
import type { ServingTarget } from "../../contract/serving-target.ts";
import { parseEnv, type JobContext } from "../../job.ts";
import { azureFunctionsRoutes } from "./azure-functions.ts";
import { azureMlRoutes } from "./azure-ml.ts";
import { cloudEventRoutes } from "./cloud-event.ts";
import type { Route } from "./routes.ts";
import { sagemakerRoutes } from "./sagemaker.ts";
import { VERTEX_MAX_BODY_BYTES, vertexRoutes } from "./vertex.ts";

export interface TargetSettings {
  /** Port that the target sends requests to. */
  port: number;
  /** Routes in addition to the server's own. */
  routes: readonly Route[];
  /** Largest body in bytes, if the target has a lower limit than the server. */
  maxBodyBytes?: number;
}

const port = z.coerce.number().int().min(1).max(65_535);
const vertexEnvSchema = z.object({
  AIP_HTTP_PORT: port.default(PORT.inference),
  AIP_HEALTH_ROUTE: z.string().startsWith("/").default("/health"),
  AIP_PREDICT_ROUTE: z.string().startsWith("/").default("/predict"),
});
const portEnvSchema = z.object({ PORT: port.default(PORT.inference) });
const functionsEnvSchema = z.object({ FUNCTIONS_CUSTOMHANDLER_PORT: port });

/** Returns the settings for a target that sends HTTP, from the environment that the target sets. */
export function targetSettings(
  target: Exclude<ServingTarget, "lambda">,
  env: JobContext["env"],
): TargetSettings {
  switch (target) {
    case "kubernetes":
      return { port: PORT.inference, routes: [] };
    case "azure-ml": // the component points its probes at the routes of the Open Inference Protocol
      return { port: PORT.inference, routes: azureMlRoutes };
    case "sagemaker":
      return { port: PORT.inference, routes: sagemakerRoutes };
    case "vertex": {
      const vertex = parseEnv(env, vertexEnvSchema);
      const routes = vertexRoutes({ health: vertex.AIP_HEALTH_ROUTE, predict: vertex.AIP_PREDICT_ROUTE });
      return { port: vertex.AIP_HTTP_PORT, routes, maxBodyBytes: VERTEX_MAX_BODY_BYTES };
    }
    case "cloud-run":
    case "cloud-functions":
      return { port: parseEnv(env, portEnvSchema).PORT, routes: cloudEventRoutes };
    case "azure-functions":
      return {
        port: parseEnv(env, functionsEnvSchema).FUNCTIONS_CUSTOMHANDLER_PORT,
        routes: azureFunctionsRoutes,
      };
  }
}
