"""Makes reference.json: walks of several persons in a grid, and the population behind them.

Nothing of the project is in here. It was run once, with NumPy 2.4 and SciPy 1.17: `python3 make.py > reference.json`.

Persons have weights w ~ N(mu, diag(sigma^2)), mu ~ N(0, 9), p(sigma) ~ sigma, and take the actions of the soft policy for
w. Their likelihoods are taken for parabolas at the modes; mu and sigma are where the joint density of these and the
parabolas is greatest, each person's weights integrated out: climbed by SciPy's BFGS, not by expectation maximisation.
"""

import json
import numpy as np
from scipy.optimize import minimize

rng = np.random.default_rng(20260102)
side, horizon, slip, deviation = 4, 10, 0.2, 3
n_states, n_actions, n_features = side * side, 4, 3
walks_of = [2, 3, 5, 8, 3]

moves = [(-1, 0), (1, 0), (0, -1), (0, 1)]
P = np.zeros((n_states, n_actions, n_states))
for s in range(n_states):
    for a in range(n_actions):
        for b, p in [(a, 1 - slip)] + [(b, slip / 2) for b in ((2, 3) if a < 2 else (0, 1))]:
            row, column = s // side + moves[b][0], s % side + moves[b][1]
            inside = 0 <= row < side and 0 <= column < side
            P[s, a, row * side + column if inside else s] += p
ground = rng.integers(n_features + 1, size=n_states)
phi = (ground[:, None] == np.arange(n_features)).astype(float)


def backward(w):
    """For t = horizon - 1 ... 0: Q, pi, their soft values' gradients and Hessians, by action and by state."""
    r = phi @ w
    V, G, H = r, phi, np.zeros((n_states, n_features, n_features))
    for t in range(horizon - 1, -1, -1):
        Q = r[:, None] + P @ V
        dQ = phi[:, None] + P @ G
        ddQ = np.einsum("sat,tjk->sajk", P, H)
        V = np.log(np.exp(Q).sum(1))
        pi = np.exp(Q - V[:, None])
        G = np.einsum("sa,saj->sj", pi, dQ)
        H = np.einsum("sa,sajk->sjk", pi, ddQ + dQ[..., None] * dQ[:, :, None]) - G[..., None] * G[:, None]
        yield t, Q, V, dQ, G, ddQ, H, pi


def policy(w):
    return np.array([step[-1] for step in backward(w)][::-1])


def loss(w, walks):
    """The negative log-likelihood of the actions, its gradient and its Hessian."""
    f, g, h = 0, np.zeros(n_features), np.zeros((n_features, n_features))
    for t, Q, V, dQ, G, ddQ, H, _ in backward(w):
        for walk in walks:
            s, a = walk["states"][t], walk["actions"][t]
            f, g, h = f + V[s] - Q[s, a], g + G[s] - dQ[s, a], h + H[s] - ddQ[s, a]
    return f, g, h


def mode(walks, mean, variance):
    """Newton's method, its steps halved where they lead up."""
    w = np.array(mean)

    def at(w):
        f, g, h = loss(w, walks)
        return f + ((w - mean) ** 2 / variance).sum() / 2, g + (w - mean) / variance, h + np.diag(1 / variance)

    for _ in range(100):
        f, g, h = at(w)
        if np.linalg.norm(g) < 1e-11:
            break
        step = np.linalg.solve(h, g)
        while at(w - step)[0] > f + 1e-12:
            step = step / 2
        w = w - step
    return w, loss(w, walks)[2]


def covariance(curvature, variance):
    return np.linalg.inv(curvature + np.diag(1 / variance))


def most_probable(parabolas, start):
    def density(x):
        mu, logs = x[:n_features], x[n_features:]
        D = np.exp(-2 * logs)
        f = logs.sum() - (mu**2).sum() / (2 * deviation**2)
        slope = np.concatenate([-mu / deviation**2, np.ones(n_features)])
        for I, pull in parabolas:
            A = I + np.diag(D)
            w = np.linalg.solve(A, pull + D * mu)
            f += (pull + D * mu) @ w / 2 - (D * mu**2).sum() / 2 - logs.sum() - np.linalg.slogdet(A)[1] / 2
            spread = (w - mu) ** 2 + np.diag(np.linalg.inv(A))
            slope += np.concatenate([D * (w - mu), D * spread - 1])
        return -f, -slope

    return minimize(density, start, jac=True, method="BFGS", options={"gtol": 1e-11}).x


def population(persons):
    mu, sigma = np.zeros(n_features), np.full(n_features, float(deviation))
    for _ in range(200):
        found = [mode(walks, mu, sigma**2) for walks in persons]
        parabolas = [(I, I @ w + (w - mu) / sigma**2) for w, I in found]
        x = most_probable(parabolas, np.concatenate([mu, np.log(sigma)]))
        change = np.abs(np.concatenate([x[:n_features] - mu, np.exp(x[n_features:]) - sigma])).max()
        mu, sigma = x[:n_features], np.exp(x[n_features:])
        if change < 1e-9:
            break
    # Of the mean, given the variance: each person's parabola tells of it through N(mu, D + I^-1).
    D = np.diag(sigma**2)
    told = sum(I @ np.linalg.inv(np.eye(n_features) + D @ I) for I, _ in parabolas)
    mean_variance = np.diag(np.linalg.inv(told + np.eye(n_features) / deviation**2))
    return mu, sigma**2, mean_variance, found


def drawn(w):
    pi = policy(w)
    states, actions = [int(rng.integers(n_states))], []
    for t in range(horizon):
        actions.append(int(rng.choice(n_actions, p=pi[t, states[t]])))
        states.append(int(rng.choice(n_states, p=P[states[t], actions[t]])))
    return {"states": states, "actions": actions}


def rounded(x):
    return np.round(x, 9).tolist()


truths = np.array([-1.5, 0.5, 1]) + np.array([1, 0.2, 0.6]) * rng.normal(size=(len(walks_of), n_features))
persons = [[drawn(w) for _ in range(n)] for w, n in zip(truths, walks_of)]
foretold = [drawn(truths[-1]) for _ in range(3)]

mean, variance, mean_variance, found = population(persons)
everybody = {
    "mean": rounded(mean),
    "variance": rounded(variance),
    "meanVariance": rounded(mean_variance),
    "persons": [
        {"weights": rounded(w), "covariance": rounded(covariance(I, variance))} for w, I in found
    ],
}

mean, variance, mean_variance, _ = population(persons[:-1])
prior = variance + mean_variance
left_out = []
for known in range(3):
    w, I = mode(persons[-1][:known], mean, prior)
    C = covariance(I, prior)
    # Points that count alike, with this mean and this covariance.
    sides = np.sqrt(n_features + 0.5) * np.linalg.cholesky(C).T
    pi = np.mean([policy(x) for x in [w, *(w + sides), *(w - sides)]], axis=0)
    logs = [np.log(pi[t, walk["states"][t], a]) for walk in foretold for t, a in enumerate(walk["actions"])]
    left_out.append({"weights": rounded(w), "covariance": rounded(C), "perStep": rounded(np.mean(logs))})

model = {
    "nStates": n_states,
    "nActions": n_actions,
    "transitions": [[int(s), int(a), int(n), round(P[s, a, n], 9)] for s, a, n in np.argwhere(P)],
    "features": phi.astype(int).tolist(),
    "discount": 1,
    "horizon": horizon,
}
print(json.dumps({"deviation": deviation, "model": model, "persons": persons, "foretold": foretold,
                  "everybody": everybody, "leftOut": left_out}))
