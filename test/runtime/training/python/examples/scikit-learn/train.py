"""A pipeline on codes: one column for each category, scaled numbers, boosted trees."""

import json
from pathlib import Path

import duckdb
import numpy as np
from skl2onnx import to_onnx
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

features = json.loads(Path("in/features.json").read_text())["features"]
params = json.loads(Path("in/params.json").read_text())


def read(file: str) -> tuple[np.ndarray, dict]:
    columns = duckdb.read_parquet(f"in/{file}").fetchnumpy()
    return np.column_stack([columns[f["name"]] for f in features]), columns


x, columns = read("features.parquet")
check, _ = read("check.parquet")
codes = [i for i, f in enumerate(features) if f["kind"] == "categorical"]
numbers = [i for i, f in enumerate(features) if f["kind"] == "numeric"]
missing = SimpleImputer(strategy="constant", fill_value=-1)
model = make_pipeline(
    ColumnTransformer(
        [
            ("codes", make_pipeline(missing, OneHotEncoder(handle_unknown="ignore")), codes),
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        ]
    ),
    LogisticRegression(C=params["C"], max_iter=1000),
)
model.fit(x, columns["label"])
onnx = to_onnx(model, x[:1])  # with a ZipMap, as it is by default
Path("out/model.onnx").write_bytes(onnx.SerializeToString())
Path("out/scores.json").write_text(json.dumps(model.predict_proba(check).tolist()))
