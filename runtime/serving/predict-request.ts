import { z } from "zod";
import type { ModelCard } from "../contract/model-card.ts";
import { BadInput } from "../errors.ts";
import { inputColumns } from "./input-columns.ts";
import {
  excerpt,
  readArray,
  readObject,
  readOptionalObject,
  refuseUnknownFields,
  requireUnicode,
} from "./json-value.ts";

export interface Instance {
  entities: Record<string, string | number>;
  /** A missing value is null or left out. */
  features: Record<string, string | number | null>;
}

export interface PredictRequest {
  /** Unix milliseconds. */
  atMs: number;
  instances: Instance[];
}

const REQUEST_FIELDS = new Set(["at", "instances"]);
const INSTANCE_FIELDS = new Set(["entities", "features"]);
const timeSchema = z.iso.datetime({ offset: true });
const MAX_TIME_CHARACTERS = 40;

/**
 * Reads a `:predict` request:
 *
 * - `at`: time of the prediction, which decides whether looked-up values are fresh or stale. Default: the present.
 * - `instances[].entities`: keys by which features are looked up, such as `{ "origin": "JFK" }`; features of an entity that is
 *   left out are missing.
 * - `instances[].features`: features that the caller knows: numbers, or names of categories; null = missing.
 *
 * Throws BadInput at the first fault, at a name that the model does not know, and if a feature of the request is missing that
 * no training row lacked: the model would score some value that nobody sent.
 */
export function parsePredictRequest(
  body: unknown,
  card: ModelCard,
  maxInstances: number,
  nowMs: number,
): PredictRequest {
  const request = readObject(`${card.name}: body`, body);
  refuseUnknownFields(`${card.name}: fields of the body`, request, REQUEST_FIELDS);
  const atMs = readTime(`${card.name}: at`, request["at"], nowMs);
  const instances = readArray(`${card.name}: instances`, request["instances"]);
  if (instances.length === 0 || instances.length > maxInstances)
    throw new BadInput(
      `${card.name}: instances must be 1 at least and at most ${maxInstances}, got ${instances.length}; send more in parts`,
    );
  return { atMs, instances: instances.map((each, i) => readInstance(`instances[${i}]`, each, card)) };
}

function readTime(owner: string, value: unknown, nowMs: number): number {
  if (value === undefined || value === null) return nowMs;
  if (typeof value === "string" && value.length <= MAX_TIME_CHARACTERS && timeSchema.safeParse(value).success)
    return Date.parse(value);
  throw new BadInput(
    `${owner} must be a time with its zone, such as 2013-12-20T12:30:00Z, got ${excerpt(value)}`,
  );
}

function readInstance(path: string, value: unknown, card: ModelCard): Instance {
  const owner = `${card.name}: ${path}`;
  const { columns, requested, entityKeys } = inputColumns(card);
  const instance = readObject(owner, value);
  refuseUnknownFields(`${owner}: its fields`, instance, INSTANCE_FIELDS);
  const givenEntities = readOptionalObject(`${owner}.entities`, instance["entities"]);
  const givenFeatures = readOptionalObject(`${owner}.features`, instance["features"]);
  refuseUnknownFields(`${owner}.entities`, givenEntities, entityKeys);
  refuseUnknownFields(`${owner}.features`, givenFeatures, requested);
  const entities: Instance["entities"] = {};
  for (const name in givenEntities) {
    const key = readKey(`${owner}.entities.${name}`, givenEntities[name]);
    if (key !== undefined) entities[name] = key;
  }
  const features: Instance["features"] = {};
  for (const name in givenFeatures)
    features[name] = readFeature(`${owner}.features.${name}`, givenFeatures[name]);
  const given = (name: string): boolean => (features[name] ?? entities[name] ?? null) !== null;
  if (![...requested, ...entityKeys].some(given))
    throw new BadInput(
      `${owner} must hold an entity or a feature, got none; entities: ${[...entityKeys].join(", ")}; features: ${[...requested].join(", ")}`,
    );
  const lacking = columns.filter(
    ({ name, view, neverMissingInTraining }) => view === -1 && neverMissingInTraining && !given(name),
  );
  if (lacking.length > 0)
    throw new BadInput(
      `${owner}.features must hold ${lacking.map(({ name }) => name).join(", ")}: training never saw a row without`,
    );
  return { entities, features };
}

/** Returns a key of an entity; undefined if the caller does not know it. */
function readKey(owner: string, value: unknown): string | number | undefined {
  if (value === null) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "string" && value !== "") return requireUnicode(owner, value);
  throw new BadInput(`${owner} must be text or a number, got ${excerpt(value)}`);
}

function readFeature(owner: string, value: unknown): string | number | null {
  if (value === null || typeof value === "number") return value;
  if (typeof value === "string") return requireUnicode(owner, value);
  throw new BadInput(`${owner} must be a number, the name of a category, or null, got ${excerpt(value)}`);
}
