import { REQUEST_VIEW } from "../contract/feature-view.ts";
import type { ModelCard } from "../contract/model-card.ts";

/** One column of a model's input, as requests are read. */
export interface InputColumn {
  name: string;
  /** Code of each category, by its name; undefined for a numeric column. */
  codes: ReadonlyMap<string, number> | undefined;
  /** Position, in the card, of the view that it is looked up in; -1 where the caller brings it. */
  view: number;
  /** Position among the values of that view. */
  viewColumn: number;
  /** Whether every training row had a value: the model cannot tell a missing one from some other value. */
  neverMissingInTraining: boolean;
}

/** What a server has to know of a model's input to read a request. */
export interface InputColumns {
  columns: readonly InputColumn[];
  /** Names of the columns that the caller brings. */
  requested: ReadonlySet<string>;
  /** Names of the keys by which the other columns are looked up. */
  entityKeys: ReadonlySet<string>;
}

const known = new WeakMap<ModelCard, InputColumns>();

/** Returns the input columns of a model, worked out once for each card. */
export function inputColumns(card: ModelCard): InputColumns {
  const found = known.get(card) ?? fromCard(card);
  known.set(card, found);
  return found;
}

function fromCard({ features, views }: ModelCard): InputColumns {
  const columns = features.map((feature): InputColumn => {
    const view = views.findIndex(({ name }) => name === feature.view);
    return {
      name: feature.name,
      codes: feature.categories && new Map(feature.categories.map((category, code) => [category, code])),
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
