"""Trains a scikit-learn pipeline on texts and numbers, and writes it as ONNX. Its files are explained in docs/python-trainer.md."""

import json
from pathlib import Path

import duckdb
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

description = json.loads(Path("in/features.json").read_text())
params = json.loads(Path("in/params.json").read_text())
features = description["features"]
texts = [f["name"] for f in features if f["kind"] == "categorical"]
numbers = [f["name"] for f in features if f["kind"] == "numeric"]


def read(file: str) -> pd.DataFrame:
    """Returns the rows of a file, with texts for the codes of the categories; a missing one is the empty text."""
    rows = duckdb.read_parquet(f"in/{file}").df()
    for feature in features:
        if feature["kind"] == "categorical":
            names = dict(enumerate(feature["categories"]))
            rows[feature["name"]] = rows[feature["name"]].map(names).fillna("")
    return rows


train, check = read("features.parquet"), read("check.parquet")
model = make_pipeline(
    ColumnTransformer(
        [
            ("texts", OneHotEncoder(handle_unknown="ignore"), texts),
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        ]
    ),
    LogisticRegression(C=params["C"], max_iter=1000, random_state=params["seed"]),
)
model.fit(train[texts + numbers], train["label"])
print(json.dumps({"message": "trained", "done": 1, "of": 1}), flush=True)

inputs = [(n, StringTensorType([None, 1])) for n in texts] + [(n, FloatTensorType([None, 1])) for n in numbers]
onnx = to_onnx(model, initial_types=inputs, options={"zipmap": False})
Path("out/model.onnx").write_bytes(onnx.SerializeToString())
Path("out/scores.json").write_text(json.dumps(model.predict_proba(check[texts + numbers]).tolist()))
accuracy = float(model.score(train[texts + numbers], train["label"]))
Path("out/metrics.json").write_text(json.dumps({"trainAccuracy": accuracy}))
