"""Makes network.json: networks, observations, and what NumPy says the networks put out.

Nothing of the project is in here. It was run once, with NumPy 2.4: `python3 make.py > network.json`.
"""

import json
import numpy as np

rng = np.random.default_rng(20260101)
bends = {
    "identity": lambda x: x,
    "relu": lambda x: np.where(x > 0, x, 0),
    "leakyrelu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(0, x),
}


def made(count, sizes, activations, normalise=None, scale=None):
    shapes = list(zip(sizes, sizes[1:]))
    weights = [np.round(rng.normal(size=(m, n)) * 1.5 / np.sqrt(n), 3) for n, m in shapes]
    biases = [np.round(rng.normal(size=m) * 0.3, 3) for _, m in shapes]
    observations = np.round(rng.normal(size=(count, sizes[0])), 2)
    x = observations
    if normalise:
        x = (x - normalise["mean"]) / normalise["deviation"]
    for W, b, name in zip(weights, biases, activations):
        x = bends[name](x @ W.T + b)
    if scale:
        x = scale["mean"] + scale["deviation"] * x
    layers = [
        {"weights": W.tolist(), "bias": b.tolist(), "activation": name}
        for W, b, name in zip(weights, biases, activations)
    ]
    parts = {"normalise": normalise, "layers": layers, "scale": scale}
    return {
        "network": {name: part for name, part in parts.items() if part},
        "observations": observations.tolist(),
        "outputs": x.tolist(),
    }


road = made(
    24,
    [4, 5, 3, 5, 4, 3, 4, 1],
    ["relu", "leakyrelu", "elu", "silu", "sigmoid", "softplus", "identity"],
    {"mean": [0.1, -0.2, 0, 0.3], "deviation": [0.5, 2, 1, 0.7]},
    {"mean": [0.6], "deviation": [0.5]},
)
mountain = made(8, [100, 3, 3], ["tanh", "identity"])
print(json.dumps({"road": road, "mountain": mountain}))
