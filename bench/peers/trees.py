# The peers of the tree duels, on the same rows: scikit-learn's forest and exact boosting, XGBoost's histogram boosting.
import json
import resource
import sys
import time

task = json.loads(sys.argv[1])
try:
    import numpy as np

    if task["library"] == "xgboost":
        import xgboost
    else:
        import sklearn
        from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestClassifier
except ImportError:
    sys.exit(3)

WIDTH = 17
trees, depth, threads, seed = task["trees"], task["depth"], task["threads"], task["seed"]


def load(name, kind):
    return np.fromfile(f"{task['data']}/{name}", dtype=kind)


kind = ("c", np.uint8) if task["model"] == "forest" else ("y", np.float32)
train_x, test_x = (load(f"{part}.x", np.float32).reshape(-1, WIDTH) for part in ("train", "test"))
train_y, test_y = (load(f"{part}.{kind[0]}", kind[1]) for part in ("train", "test"))

start = time.perf_counter()
if task["library"] == "xgboost":
    settings = {"max_depth": depth, "eta": task["rate"], "tree_method": "hist", "nthread": threads, "seed": seed}
    settings["subsample"] = task.get("rowShare", 1)
    matrix = xgboost.DMatrix(train_x, train_y, nthread=threads)
    booster = xgboost.train(settings, matrix, num_boost_round=trees)
elif task["model"] == "forest":
    model = RandomForestClassifier(trees, max_depth=depth, n_jobs=threads, random_state=seed)
elif task["library"] == "sklearn-hist":
    model = HistGradientBoostingRegressor(
        max_iter=trees, max_depth=depth, max_leaf_nodes=None, learning_rate=task["rate"], early_stopping=False
    )
else:
    model = GradientBoostingRegressor(n_estimators=trees, max_depth=depth, learning_rate=task["rate"], random_state=seed)
if task["library"] != "xgboost":
    model.fit(train_x, train_y)
value = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

if task["model"] == "forest":
    quality = model.score(test_x, test_y)
else:
    predicted = booster.predict(xgboost.DMatrix(test_x)) if task["library"] == "xgboost" else model.predict(test_x)
    quality = 1 - float(((predicted - test_y) ** 2).sum() / ((test_y - test_y.mean()) ** 2).sum())
version = xgboost.__version__ if task["library"] == "xgboost" else sklearn.__version__
versions = {"python": sys.version.split()[0], "xgboost" if task["library"] == "xgboost" else "scikit-learn": version}
print(json.dumps({"value": value, "quality": float(quality), "peakMb": peak, "versions": versions}))
