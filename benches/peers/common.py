"""What the peers of the alliance IPD share: the sizes, the clock and the line that is printed.

The model (src/game/alliance.rs): n players on a complete graph, player i follows rule i % 3 (0 tit for tat, 1 always
defect, 2 always cooperate), payoffs 5, 3, 1, 0, every pair plays once a round, moves are simultaneous, the first move of
tit for tat is to cooperate, each intended move is flipped with probability `noise`, memory holds executed moves.
"""

import argparse
import sys
import time

KNOWN = {(32, 1000): (2162363, 530121), (6, 5000): (330012, 80004)}


def main(name, play, sizes, warm=True, known=True):
    """Checks play(n, rounds, noise, seed) -> (payoff, cooperations) and prints the median of five timings of each size.

    `play` may return a third number, its own seconds without set-up.
    """
    argparse.ArgumentParser(description=f"the alliance IPD in {name}").parse_args()
    if known:
        for (n, rounds), totals in KNOWN.items():
            found = tuple(int(x) for x in play(n, rounds, 0.0, 1)[:2])
            if found != totals:
                sys.exit(f"{name}: n = {n}, {rounds} rounds give {found}, not {totals}")
    for n, rounds in sizes:
        for noise in (0.0, 0.01):
            if warm:
                play(n, max(rounds // 20, 1), noise, 0)
            times = []
            for seed in range(1, 6):
                start = time.perf_counter()
                payoff, cooperations, *own = play(n, rounds, noise, seed)
                times.append(own[0] if own else time.perf_counter() - start)
            seconds = sorted(times)[2]
            pairs = n * (n - 1) // 2 * rounds
            print(f"{name},{n},{rounds},{noise:g},{pairs / seconds:.4e},{seconds:.4f},{payoff},{cooperations}", flush=True)
