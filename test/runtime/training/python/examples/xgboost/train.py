"""Boosted trees of XGBoost."""

import json
from pathlib import Path

import duckdb
import numpy as np
import xgboost
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

features = json.loads(Path("in/features.json").read_text())["features"]
params = json.loads(Path("in/params.json").read_text())


def read(file: str) -> tuple[np.ndarray, dict]:
    columns = duckdb.read_parquet(f"in/{file}").fetchnumpy()
    return np.column_stack([columns[f["name"]] for f in features]), columns


x, columns = read("features.parquet")
check, _ = read("check.parquet")
model = xgboost.XGBClassifier(n_estimators=params["trees"], max_depth=4, random_state=params["seed"])
model.fit(x, columns["label"])
onnx = convert_xgboost(model, initial_types=[("X", FloatTensorType([None, len(features)]))])
Path("out/model.onnx").write_bytes(onnx.SerializeToString())
Path("out/scores.json").write_text(json.dumps(model.predict_proba(check).tolist()))
