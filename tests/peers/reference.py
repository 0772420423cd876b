"""Writes results of matches played by Axelrod-Python 4.14, for tests/data; run by hand when the roster grows:

    python3 -m venv venv && venv/bin/pip install axelrod==4.14.0
    venv/bin/python tests/peers/reference.py certain > tests/data/strategies.csv
    venv/bin/python tests/peers/reference.py chance > tests/data/strategies_chance.csv

Names and classes come from `twain list strategies` (env TWAIN). Matches without noise, payoffs 5, 3, 1, 0, 100 turns;
with chance: means and standard errors over 1000 matches of 60 turns.
"""

import os
import re
import subprocess
import sys
import warnings

import axelrod as axl

warnings.filterwarnings("ignore")

OPPONENTS = ["cooperator", "defector", "tit-for-tat", "alternator", "suspicious-tit-for-tat", "win-stay-lose-shift",
             "cycler-ddc", "tit-for-two-tats", "prober-4", "anti-tit-for-tat", "cycler-cccdcd"]
FEW = ["cooperator", "defector", "tit-for-tat", "alternator", "cycler-ddc"]


def roster():
    """Names of twain's strategies and their classes in Axelrod-Python."""
    twain = os.environ.get("TWAIN", "target/release/twain")
    text = subprocess.run([twain, "list", "strategies"], capture_output=True, text=True, check=True).stdout
    return {m[1]: getattr(axl, m[2]) for m in re.finditer(r"^(\S+) .*\[(\w+)\]$", text, re.M)}


def letters(moves):
    return "".join(str(m) for m in moves)


def certain(classes):
    """Matches of every rule without chance against a few others and itself."""
    print("player1,player2,score1,score2,coop1,coop2,moves1,moves2")
    for name, one in classes.items():
        if one().classifier["stochastic"]:
            continue
        for other in [*OPPONENTS, name]:
            match = axl.Match((one(), classes[other]()), turns=100)
            moves = match.play()
            mine, theirs = [m[0] for m in moves], [m[1] for m in moves]
            scores = match.final_score()
            print(name, other, *scores, mine.count(axl.Action.C), theirs.count(axl.Action.C), letters(mine[:20]),
                  letters(theirs[:20]), sep=",")


def chance(classes):
    """Means of payoff and cooperation per turn of every rule with chance."""
    print("player1,player2,score1,se1,coop1,sec1")
    for name, one in classes.items():
        if not one().classifier["stochastic"]:
            continue
        for other in FEW:
            n, turns = 1000, 60
            sums = [[0.0, 0.0], [0.0, 0.0]]
            for seed in range(n):
                match = axl.Match((one(), classes[other]()), turns=turns, seed=seed)
                moves = match.play()
                values = match.final_score_per_turn()[0], sum(m[0] == axl.Action.C for m in moves) / turns
                for s, x in zip(sums, values):
                    s[0] += x
                    s[1] += x * x
            row = []
            for a, b in sums:
                mean = a / n
                row += [f"{mean:.6g}", f"{(max(b / n - mean * mean, 0) / (n - 1)) ** 0.5:.4g}"]
            print(name, other, *row, sep=",")


if __name__ == "__main__":
    {"certain": certain, "chance": chance}[sys.argv[1]](roster())
