"""Trains on the same rows with LightGBM's own Python package. Prints the seconds and the AUC on these rows as JSON."""
import json
import sys
import time

import lightgbm
import numpy

values, labels, rows, columns, trees, params = sys.argv[1:7]
x = numpy.fromfile(values, dtype=numpy.float32).reshape(int(rows), int(columns))
y = numpy.fromfile(labels, dtype=numpy.float32)
start = time.perf_counter()
booster = lightgbm.train(json.loads(params), lightgbm.Dataset(x, y), num_boost_round=int(trees))
print(json.dumps({"seconds": time.perf_counter() - start, "trees": booster.num_trees()}))
