"""The alliance IPD in numpy: a matrix of moves, all pairs at once."""

import numpy as np

from common import main


def play(n, rounds, noise, seed):
    random = np.random.default_rng(seed)
    rule = np.arange(n) % 3
    mirrors = (rule == 0)[:, None]
    kind = (rule == 2).astype(np.int8)[:, None]
    others = 1 - np.eye(n, dtype=np.int8)
    scores = np.array([[1, 5], [0, 3]])
    payoffs = np.zeros(n, dtype=np.int64)
    cooperations = np.zeros(n, dtype=np.int64)
    moves = np.ones((n, n), dtype=np.int8)
    for _ in range(rounds):
        moves = np.where(mirrors, moves.T, kind)
        if noise:
            moves = moves ^ (random.random((n, n), dtype=np.float32) < noise)
        payoffs += (scores[moves, moves.T] * others).sum(axis=1)
        cooperations += (moves * others).sum(axis=1)
    return payoffs.sum(), cooperations.sum()


if __name__ == "__main__":
    main("numpy", play, [(6, 20000), (32, 10000), (100, 2000), (300, 300), (1000, 30)])
