# The peers' forest and boosting on the folds that real.ts wrote; their answers go beside them.
import json
import os
import sys

import numpy as np

try:
    import xgboost
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
except ImportError:
    sys.exit(3)

task = json.loads(sys.argv[1])
boosting = task["boosting"]


def folds(role, width):
    for fold in range(task["folds"]):
        place = os.path.join(task["folder"], role, f"fold-{fold}")
        read = lambda name: np.fromfile(os.path.join(place, name), dtype=np.float32)
        yield place, read("train.x").reshape(-1, width), read("train.y"), read("train.w"), read("test.x").reshape(-1, width)


for place, x, y, w, test in folds("meta", task["metaWidth"]):
    forest = RandomForestClassifier(
        task["trees"], max_depth=task["depth"], min_samples_split=task["minSplit"], min_samples_leaf=task["minLeaf"],
        class_weight="balanced", random_state=42, n_jobs=-1,
    ).fit(x, y.astype(int), w)
    shares = np.zeros((len(test), task["classes"]), dtype=np.float32)
    shares[:, forest.classes_] = forest.predict_proba(test)
    shares.tofile(os.path.join(place, "sklearn.out"))

for place, x, y, w, test in folds("execution", 11):
    histogram = HistGradientBoostingRegressor(
        max_iter=boosting["trees"], max_depth=boosting["depth"], max_leaf_nodes=None, learning_rate=boosting["rate"],
        l2_regularization=boosting["l2"], early_stopping=False, random_state=42,
    ).fit(x, y, w)
    histogram.predict(test).astype(np.float32).tofile(os.path.join(place, "sklearn.out"))
    trees = xgboost.XGBRegressor(
        n_estimators=boosting["trees"], max_depth=boosting["depth"], learning_rate=boosting["rate"],
        reg_lambda=boosting["l2"], tree_method="hist", random_state=42,
    ).fit(x, y, sample_weight=w)
    trees.predict(test).astype(np.float32).tofile(os.path.join(place, "xgboost.out"))
