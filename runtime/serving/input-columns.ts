import { REQUEST_VIEW } from "../contract/feature-view.ts";
import type { ModelCard } from "../contract/model-card.ts";
import type { ValueRange } from "./feature-value.ts";

/** One column of a model's input, as requests are read. */
export interface InputColumn {
  name: string;
  /** Code of each category, by its name; undefined for a numeric column. */
  codes: ReadonlyMap<string, number> | undefined;
  /** Values that a numeric column can have; any finite number where the card gives no limits. */
  range: ValueRange;
  /** Position, in the card, of the view that holds its value; -1 where the request holds it. */
  view: number;
  /** Position among the values of that view. */
  viewColumn: number;
  /** Whether every training row had a value: the model cannot tell a missing one from some other value. */
  neverMissingInTraining: boolean;
}

/** The parts of a model card that a server needs to read a request. */
export interface InputColumns {
  columns: readonly InputColumn[];
  /** Names of the columns whose values a request holds. */
  requested: ReadonlySet<string>;
  /** Names of the keys by which the other columns are looked up. */
  entityKeys: ReadonlySet<string>;
}

const cache = new WeakMap<ModelCard, InputColumns>();

/** Returns the input columns of a model; computed once for each card. */
export function inputColumns(card: ModelCard): InputColumns {
  const columns = cache.get(card) ?? fromCard(card);
  cache.set(card, columns);
  return columns;
}

function fromCard({ features, views }: ModelCard): InputColumns {
  const columns = features.map((feature): InputColumn => {
    const view = views.findIndex(({ name }) => name === feature.view);
    return {
      name: feature.name,
      codes: feature.categories && new Map(feature.categories.map((category, code) => [category, code])),
      range: { min: Math.fround(feature.min ?? -Infinity), max: Math.fround(feature.max ?? Infinity) },
      view,
      viewColumn: views[view]?.features.indexOf(feature.name) ?? -1,
      neverMissingInTraining: feature.missingInTraining === false,
    };
  });
  const requested = features.filter(({ view }) => view === REQUEST_VIEW).map(({ name }) => name);
  return {
    columns,
    requested: new Set(requested),
    entityKeys: new Set(views.flatMap(({ entity }) => entity)),
  };
}
