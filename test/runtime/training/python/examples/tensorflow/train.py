"""A small network of TensorFlow."""

import json
from pathlib import Path

import duckdb
import numpy as np
import tensorflow as tf
import tf2onnx

features = json.loads(Path("in/features.json").read_text())["features"]
params = json.loads(Path("in/params.json").read_text())
tf.keras.utils.set_random_seed(params["seed"])


def read(file: str) -> tuple[np.ndarray, dict]:
    columns = duckdb.read_parquet(f"in/{file}").fetchnumpy()
    return np.column_stack([columns[f["name"]] for f in features]), columns


x, columns = read("features.parquet")
check, _ = read("check.parquet")
mean, deviation = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
w1 = tf.Variable(tf.random.normal([len(features), params["units"]], stddev=0.3))
w2 = tf.Variable(tf.random.normal([params["units"], 1], stddev=0.3))


@tf.function(input_signature=[tf.TensorSpec([None, len(features)], tf.float32, name="X")])
def score(rows: tf.Tensor) -> tf.Tensor:
    known = tf.where(tf.math.is_nan(rows), tf.constant(mean, tf.float32), rows)
    return tf.sigmoid(tf.tanh((known - mean) / deviation @ w1) @ w2)


labels = tf.constant(columns["label"].reshape(-1, 1), tf.float32)
optimizer = tf.keras.optimizers.Adam(0.05)
for epoch in range(params["epochs"]):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.keras.losses.binary_crossentropy(labels, score(tf.constant(x))))
    gradients = tape.gradient(loss, [w1, w2])
    optimizer.apply_gradients(zip(gradients, [w1, w2]))
    print(json.dumps({"message": "epoch", "done": epoch + 1, "of": params["epochs"]}), flush=True)
onnx, _ = tf2onnx.convert.from_function(score, input_signature=score.input_signature, opset=17)
del onnx.graph.output[1:]  # tf2onnx 1.17 lists inner tensors too
Path("out/model.onnx").write_bytes(onnx.SerializeToString())
Path("out/scores.json").write_text(json.dumps(score(tf.constant(check)).numpy().ravel().tolist()))
