"""The alliance IPD in numpy, many replications at once: what one would write for a sweep."""

import numpy as np

from common import main

# entries of a batch, a size that fits the cache of a core
ENTRIES = 20_000


def batch(n):
    return max(ENTRIES // (n * n), 1)


def play(n, rounds, noise, seed):
    """`rounds` in all, divided among the replications of a batch."""
    replications = batch(n)
    each, rest = divmod(rounds, replications)
    if rest:
        # the known totals are those of one world
        replications, each = 1, rounds
    random = np.random.default_rng(seed)
    rule = np.arange(n) % 3
    mirrors = (rule == 0)[None, :, None]
    kind = (rule == 2).astype(np.int8)[None, :, None]
    others = (1 - np.eye(n, dtype=np.int8))[None]
    payoffs = np.zeros((replications, n), dtype=np.int64)
    cooperations = np.zeros((replications, n), dtype=np.int64)
    moves = np.ones((replications, n, n), dtype=np.int8)
    for _ in range(each):
        moves = np.where(mirrors, moves.transpose(0, 2, 1), kind)
        if noise:
            moves = moves ^ (random.random((replications, n, n), dtype=np.float32) < noise)
        theirs = moves.transpose(0, 2, 1)
        payoffs += ((1 + 4 * theirs - moves * (1 + theirs)) * others).sum(axis=2)
        cooperations += (moves * others).sum(axis=2)
    return payoffs.sum(), cooperations.sum()


if __name__ == "__main__":
    main("numpy, batched", play, [(n, batch(n) * rounds) for n, rounds in ((6, 400), (32, 400), (100, 1000))])
