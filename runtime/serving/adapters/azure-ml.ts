import { AZURE_ML_SCORING_PATH } from "../../contract/serving-target.ts";
import { toPrediction } from "./prediction.ts";
import type { Route } from "./routes.ts";

/**
 * What an online endpoint of Azure Machine Learning asks of a custom container beside its probes: one route that scores,
 * whatever the model's name. A body is one of the Open Inference Protocol, or one of `:predict`.
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-deploy-custom-container
 */
export const azureMlRoutes: readonly Route[] = [
  {
    method: "POST",
    path: AZURE_ML_SCORING_PATH,
    answer: ({ body = "" }, { ask, card }) => ask(toPrediction(body, card().name)),
  },
];
