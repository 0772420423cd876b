"""The alliance IPD in loops compiled by numba."""

import numba
import numpy as np

from common import main


@numba.njit
def play(n, rounds, noise, seed):
    np.random.seed(seed)
    last = np.ones((n, n), dtype=np.int8)
    payoffs = np.zeros(n, dtype=np.int64)
    cooperations = np.zeros(n, dtype=np.int64)
    for _ in range(rounds):
        for i in range(n):
            for j in range(i + 1, n):
                mine = last[j, i] if i % 3 == 0 else (1 if i % 3 == 2 else 0)
                theirs = last[i, j] if j % 3 == 0 else (1 if j % 3 == 2 else 0)
                if noise > 0:
                    if np.random.random() < noise:
                        mine = 1 - mine
                    if np.random.random() < noise:
                        theirs = 1 - theirs
                payoffs[i] += 1 + 4 * theirs - mine * (1 + theirs)
                payoffs[j] += 1 + 4 * mine - theirs * (1 + mine)
                cooperations[i] += mine
                cooperations[j] += theirs
                last[i, j] = mine
                last[j, i] = theirs
    return payoffs.sum(), cooperations.sum()


if __name__ == "__main__":
    main("numba", play, [(6, 500_000), (32, 20_000), (100, 2000), (300, 200), (1000, 20)])
