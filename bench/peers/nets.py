# The peers of the net duels, on the same rows: PyTorch's layers, loss and Adam in a plain loop, with the faster of 1 and all threads.
import json
import resource
import sys
import time

task = json.loads(sys.argv[1])
try:
    import numpy as np
    import torch
    from torch import nn
except ImportError:
    sys.exit(3)

WIDTH = 17
batch, hidden, lookback = task["batch"], task["hidden"], task.get("lookback", 0)


def load(name):
    return np.fromfile(f"{task['data']}/{name}", dtype=np.float32)


def windows(x, count):
    last = len(x) - lookback
    starts = [i * last // count for i in range(count)]
    made = np.stack([x[start : start + lookback] for start in starts])
    target = 0.7 * made[:, -1, 0] + 0.5 * made[:, -2, 1] + 0.3 * made[:, -3, 2]
    return torch.from_numpy(made), torch.from_numpy(target).reshape(-1, 1)


def part(name):
    x = load(f"{name}.x").reshape(-1, WIDTH)
    if task["model"] == "lstm":
        return windows(x, task["windows" if name == "train" else "testWindows"])
    return torch.from_numpy(x), torch.from_numpy(load(f"{name}.y")).reshape(-1, 1)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(WIDTH, hidden, batch_first=True)
        self.dense = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.dense(self.lstm(x)[0][:, -1])


def net():
    if task["model"] == "lstm":
        return Recurrent()
    return nn.Sequential(
        nn.Linear(WIDTH, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 1)
    )


def fit(x, y, epochs, most=10**9):
    """The model, and how many milliseconds a step took."""
    start = time.perf_counter()
    model, steps = net(), 0
    optimiser = torch.optim.Adam(model.parameters(), lr=task["rate"])
    loss_of = nn.MSELoss()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        shuffled_x, shuffled_y = x[order], y[order]
        for at in range(0, len(x) - batch + 1, batch):
            if steps == most:
                break
            optimiser.zero_grad(set_to_none=True)
            loss_of(model(shuffled_x[at : at + batch]), shuffled_y[at : at + batch]).backward()
            optimiser.step()
            steps += 1
    return model, 1000 * (time.perf_counter() - start) / steps


torch.manual_seed(task["seed"])
train_x, train_y = part("train")
test_x, test_y = part("test")


def pace(threads):
    torch.set_num_threads(threads)
    few = task["trial"]
    return min(fit(train_x[: batch * few], train_y[: batch * few], 1, few)[1] for _ in range(3))


threads = min((1, task["threads"]), key=pace)
torch.set_num_threads(threads)
model, value = fit(train_x, train_y, task["epochs"])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with torch.no_grad():
    errors = torch.mean((model(test_x) - test_y) ** 2)
    quality = float(1 - errors / torch.var(test_y, unbiased=False))
versions = {"torch": torch.__version__, "torch threads": str(threads)}
print(json.dumps({"value": value, "quality": quality, "peakMb": peak, "versions": versions}))
