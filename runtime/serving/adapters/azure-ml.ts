import { AZURE_ML_SCORING_PATH } from "../../contract/serving-target.ts";
import { toPrediction } from "./prediction.ts";
import type { Route } from "./routes.ts";

/**
 * The scoring route of a custom container for online endpoints of Azure Machine Learning. Its path does not depend on the model's
 * name. A body is a request of the Open Inference Protocol or of `:predict`.
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-deploy-custom-container
 */
export const azureMlRoutes: readonly Route[] = [
  {
    method: "POST",
    path: AZURE_ML_SCORING_PATH,
    answer: ({ body = "" }, { ask, card }) => ask(toPrediction(body, card().name)),
  },
];
