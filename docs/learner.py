"""A learner of your own, live: takes the pairs of a lesson as they come, and sends back what it learned.

    python3 learner.py 'http://localhost:2567/?lesson=ADDRESS#teach=SECRET'

The address is the link to teach in the lesson (press ? on its page). Python's standard library is enough. Here a
straight line is fitted by least squares; put your own in the place of `fit`.
"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def fit(pairs):
    """A network for the pairs: here a single layer, for the least squared error and a small ridge."""
    rows = [[*observation, 1.0] for observation in pairs["observations"]]
    targets = pairs["actions"]
    if pairs["action"]["kind"] == "discrete":  # a score for each action, 1 for the one that was done
        names = pairs["action"]["names"]
        targets = [[1.0 if k == action else 0.0 for k in range(len(names))] for [action] in targets]
    n = len(rows[0])
    gram = [[sum(r[i] * r[j] for r in rows) + 1e-3 * (i == j) for j in range(n)] for i in range(n)]
    products = [[sum(r[i] * t[k] for r, t in zip(rows, targets)) for i in range(n)] for k in range(len(targets[0]))]
    weights = [solve(gram, product) for product in products]
    return {"layers": [{"weights": [w[:-1] for w in weights], "bias": [w[-1] for w in weights]}]}


def solve(matrix, vector):
    """Gaussian elimination with pivoting."""
    rows = [[*row, value] for row, value in zip(matrix, vector)]
    n = len(rows)
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(n):
            if i != k:
                factor = rows[i][k] / rows[k][k]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def main(link):
    site, _, rest = link.partition("?lesson=")
    lesson, _, secret = rest.partition("#teach=")
    api = urllib.parse.urljoin(site, f"api/lessons/{lesson}/")

    def ask(path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(api + path, data, {"Authorization": f"Bearer {secret}"})
        with urllib.request.urlopen(request, timeout=60) as response:
            text = response.read()
        return json.loads(text) if text else None  # nothing new came for a while

    since = 0
    while True:
        try:
            pairs = ask(f"pairs?since={since}")
            if pairs:
                since = pairs["basis"]
                if pairs["observations"]:
                    ask("network", {"basis": since, **fit(pairs)})
                    print(f"learned from {len(pairs['observations'])} pairs", flush=True)
        except urllib.error.HTTPError as error:
            print(error.code, error.read().decode(), file=sys.stderr, flush=True)
            if error.code in (403, 404, 410):
                return 1
            time.sleep(float(error.headers.get("Retry-After", 2)))
        except OSError as error:  # the server is not there; what was taught waits in the lesson
            print(error, file=sys.stderr, flush=True)
            time.sleep(2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
