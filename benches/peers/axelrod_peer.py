"""The alliance IPD with Axelrod-Python: one match for every pair."""

import warnings
from itertools import combinations

import axelrod

from common import main

RULES = (axelrod.TitForTat, axelrod.Defector, axelrod.Cooperator)


def play(n, rounds, noise, seed):
    players = [RULES[i % 3]() for i in range(n)]
    payoff = cooperations = 0
    for number, pair in enumerate(combinations(players, 2)):
        match = axelrod.Match(pair, turns=rounds, noise=noise, seed=seed * 100_003 + number)
        match.play()
        payoff += sum(match.final_score())
        cooperations += sum(match.cooperation())
    return payoff, cooperations


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main("Axelrod-Python", play, [(6, 2000), (32, 100)])
