import type { ModelCard } from "../contract/model-card.ts";
import type { OnlineStore } from "../features/online-store.ts";
import { NotFound, Unavailable } from "../errors.ts";
import type { Scorer } from "./scorer.ts";

/** A loaded and verified model with its scorer and feature store. */
export interface ServedModel {
  card: ModelCard;
  /** `sha256:<64 hex digits>` of the model artifact. */
  digest: string;
  scorer: Scorer;
  /** Store in which its features are looked up. */
  store: Pick<OnlineStore, "lookup">;
}

/** `starting`: models are being loaded. `draining`: requests are answered, but readiness fails. */
export type ServerState = "starting" | "ready" | "draining";

/** The models of a server, and its state. */
export interface ModelRepository {
  readonly state: ServerState;
  /** Adds a model. Throws if there is already one with its name. */
  add(model: ServedModel): void;
  /** Marks the server as ready: all models are loaded. */
  open(): void;
  /** Makes readiness fail; requests are still answered. */
  drain(): void;
  /** Returns a model. `version` is its modelVersion or digest. Throws NotFound, or Unavailable while models are being loaded. */
  find(name: string, version?: string): ServedModel;
  /** Returns the only model of the server. Throws Unavailable while it is being loaded. */
  only(): ServedModel;
}

/** Returns the version of a model for the Open Inference Protocol: the first twelve hex digits of its digest. */
export function modelVersion(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

export function modelRepository(): ModelRepository {
  const models = new Map<string, ServedModel>();
  let state: ServerState = "starting";
  return {
    get state() {
      return state;
    },
    add(model) {
      if (models.has(model.card.name)) throw new Error(`model ${model.card.name} is served already`);
      models.set(model.card.name, model);
    },
    open() {
      if (state === "starting") state = "ready";
    },
    drain() {
      state = "draining";
    },
    find(name, version) {
      const model = models.get(name);
      if (model === undefined && state === "starting")
        throw new Unavailable("models are being loaded; ask again when /v2/health/ready answers 200");
      if (model === undefined)
        throw new NotFound(`no model ${JSON.stringify(name)}; served: ${[...models.keys()].join(", ")}`);
      if (version !== undefined && version !== model.digest && version !== modelVersion(model.digest))
        throw new NotFound(
          `${name}: no version ${JSON.stringify(version)}; served: ${modelVersion(model.digest)}`,
        );
      return model;
    },
    only() {
      const [model, ...more] = models.values();
      if (more.length > 0) throw new Error(`${models.size} models are served; name the one to ask`);
      if (model === undefined)
        throw new Unavailable("models are being loaded; ask again when /v2/health/ready answers 200");
      return model;
    },
  };
}
