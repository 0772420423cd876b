"""Holds twain's tournaments and evolution against Axelrod-Python and EGTtools.

Prints one line for each comparison that fails and a count at the end; exits with 1 if any failed.
With --bench it prints a table of speeds instead.
"""

import csv
import itertools
import math
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings

import axelrod as axl
import numpy as np

warnings.filterwarnings("ignore")
TWAIN = os.environ.get("TWAIN", "target/release/twain")

# twain's name and the library's class, as `twain list strategies` gives them: rules without chance, then rules with it
LIST = subprocess.run([TWAIN, "list", "strategies"], capture_output=True, text=True, check=True).stdout
EVERY = {m[1]: getattr(axl, m[2]) for m in re.finditer(r"^(\S+) .*\[(\w+)\]$", LIST, re.M)}
CERTAIN = {n: c for n, c in EVERY.items() if not c().classifier["stochastic"]}
CHANCE = {n: EVERY[n] for n in ["random", "generous-tit-for-tat", "joss", "tullock", "grofman", "feld", "graaskamp", "zd-extort-2",
                                "zd-generous-2", "champion", "leyvraz", "kluepfel", "naive-prober"]}

passed, failed = 0, 0


def check(ok, words):
    """Counts a comparison and prints it if it failed."""
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAILED", words)


def twain(*arguments):
    """Runs a verb into a temporary folder; the tables by name, each a list of rows."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        done = subprocess.run([TWAIN, *arguments, "--out", out], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"twain {' '.join(arguments)} failed:\n{done.stderr}")
        tables = {}
        for name in os.listdir(out):
            if name.endswith(".csv"):
                with open(os.path.join(out, name), newline="") as file:
                    tables[name[:-4]] = list(csv.DictReader(file))
        return tables


def certain_matches():
    """Noise-free matches of all deterministic pairs, to the last digit, at lengths and payoffs not kept in tests/data."""
    names = list(CERTAIN)
    for turns, payoffs in [(7, (5, 3, 1, 0)), (63, (5, 3, 1, 0)), (337, (5, 3, 1, 0)), (150, (9, 6, 2, 1))]:
        t, r, p, s = payoffs
        game = axl.Game(r=r, s=s, t=t, p=p)
        tables = twain(
            "tournament", "--players", ",".join(names), "--turns", str(turns), "--repetitions", "1",
            "--payoffs", ",".join(map(str, payoffs)),
        )
        score = {(x["player"], x["opponent"]): float(x["score"]) for x in tables["payoffs"]}
        cooperation = {(x["player"], x["opponent"]): float(x["cooperation"]) for x in tables["cooperation"]}
        for a, b in itertools.combinations_with_replacement(names, 2):
            match = axl.Match((CERTAIN[a](), CERTAIN[b]()), turns=turns, game=game)
            match.play()
            for who, other, k in [(a, b, 0), (b, a, 1)]:
                wanted = match.final_score_per_turn()[k], match.normalised_cooperation()[k]
                got = score[who, other], cooperation[who, other]
                ok = all(abs(x - y) < 1.01e-6 for x, y in zip(wanted, got))
                check(ok, f"{who} against {other}, {turns} turns: {got}, reference {wanted}")


def ratings():
    """Rank, good partner and eigenjesus of a whole tournament."""
    names = list(CERTAIN)
    players = [CERTAIN[n]() for n in names]
    results = axl.Tournament(players, turns=100, repetitions=1, seed=1).play(progress_bar=False)
    rows = twain("tournament", "--players", ",".join(names), "--turns", "100", "--repetitions", "1")["ranking"]
    mine = {x["player"]: x for x in rows}
    # the library stops its power iteration at 1e-3: the eigenvector of its matrix is taken from numpy
    values, vectors = np.linalg.eig(np.array(results.normalised_cooperation))
    jesus = np.abs(vectors[:, np.argmax(values.real)].real)
    jesus /= jesus.max()
    for k, name in enumerate(names):
        wanted = np.mean(results.normalised_scores[k])
        check(abs(float(mine[name]["score"]) - wanted) < 1.01e-6, f"score of {name}: {mine[name]['score']} {wanted}")
        wanted = results.wins[k][0]
        check(abs(float(mine[name]["wins"]) - wanted) < 1e-9, f"wins of {name}: {mine[name]['wins']} {wanted}")
        wanted = results.good_partner_rating[k]
        check(abs(float(mine[name]["good_partner"]) - wanted) < 1.01e-6, f"good partner of {name}: {mine[name]['good_partner']} {wanted}")
        wanted = jesus[k]
        check(abs(float(mine[name]["eigenjesus"]) - wanted) < 1.01e-6, f"eigenjesus of {name}: {mine[name]['eigenjesus']} {wanted}")


def noisy_matches():
    """Noisy matches within four standard errors. About 140 figures: a false alarm has probability 1%; seeds are fixed."""
    reference_runs = 200
    every = {**CERTAIN, **CHANCE}
    names = ["tit-for-tat", "contrite-tit-for-tat", "gradual", "downing", *CHANCE]
    tables = twain("tournament", "--players", ",".join(names), "--turns", "80", "--noise", "0.04",
                   "--repetitions", "1000", "--seed", "11")
    mine = {(x["player"], x["opponent"]): x for x in tables["payoffs"]}
    for a, b in itertools.combinations(names, 2):
        scores = []
        for seed in range(reference_runs):
            match = axl.Match((every[a](), every[b]()), turns=80, noise=0.04, seed=seed + 1)
            match.play()
            scores.append(match.final_score_per_turn())
        scores = np.array(scores)
        for k, (who, other) in enumerate([(a, b), (b, a)]):
            x = mine[who, other]
            error = math.hypot(scores[:, k].std(ddof=1) / reference_runs**0.5, float(x["sd"]) / float(x["n"]) ** 0.5)
            wanted, got = scores[:, k].mean(), float(x["score"])
            check(abs(wanted - got) <= 4 * error + 1e-9, f"{who} against {other} with noise: {got}, reference {wanted} +- {error}")


def toml(matrix, **keys):
    """A file for twain evolve."""
    words = [f"matrix = {[list(map(float, row)) for row in matrix]}"]
    words += [f"{k} = {v!r}" if isinstance(v, str) else f"{k} = {v}" for k, v in keys.items()]
    return "\n".join(words).replace("'", '"') + "\n"


def evolve(text):
    """twain evolve on this file."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "evolve.toml")
        with open(path, "w") as file:
            file.write(text)
        return twain("evolve", path)


def populations():
    """Fixation probabilities and stationary distributions, exact in both; and twain's simulation against EGTtools."""
    from egttools.analytical import PairwiseComparison, StochDynamics
    from egttools.games import Matrix2PlayerGameHolder

    random = np.random.default_rng(3)
    cases = [(np.array([[1, 1.4, 5], [0.9, 3, 3], [0, 3, 3]]), 20, 0.3), (np.array([[3.0, 0], [5, 1]]), 50, 0.05)]
    cases += [(random.uniform(-1, 2, (n, n)), size, beta) for n, size, beta in [(2, 30, 1.0), (3, 15, 0.5), (5, 40, 0.2)]]
    for matrix, size, beta in cases:
        n = len(matrix)
        mu = 0.03
        tables = evolve(toml(matrix, population=size, selection=beta, mutation=mu, generations=4000, runs=40,
                             fixation_runs=4000, seed=7))
        dynamics = StochDynamics(n, matrix, size)
        names = [f"strategy-{k + 1}" for k in range(n)]
        fixation = {(x["mutant"], x["resident"]): x for x in tables["fixation"]}
        for a, b in itertools.permutations(range(n), 2):
            wanted = dynamics.fixation_probability(a, b, beta)
            x = fixation[names[a], names[b]]
            got = float(x["exact"])
            check(abs(got - wanted) < 1e-9, f"fixation of {a} in {b} among {size}: {got}, EGTtools {wanted}")
            error = math.sqrt(max(wanted * (1 - wanted), 1e-12) / float(x["runs"]))
            seen = float(x["simulated"])
            check(abs(seen - wanted) <= 4 * error + 1 / float(x["runs"]), f"simulated fixation of {a} in {b}: {seen}, EGTtools {wanted}")
        transition, _ = dynamics.transition_and_fixation_matrix(beta)
        # EGTtools keeps the chain by columns
        wanted = stationary(transition.T)
        got = [float(x["rare_mutation"]) for x in tables["stationary"]]
        for k in range(n):
            check(abs(got[k] - wanted[k]) < 1e-7, f"rare mutation, share of {k}: {got[k]}, EGTtools {wanted[k]}")
        if n > 3:
            continue
        # the whole chain; EGTtools counts states in its own order
        game = Matrix2PlayerGameHolder(n, matrix)
        whole = PairwiseComparison(size, game)
        weight = stationary(whole.calculate_transition_matrix(beta, mu).toarray())
        import egttools

        states = [egttools.sample_simplex(k, size, n) for k in range(len(weight))]
        wanted = sum(w * np.array(s) / size for w, s in zip(weight, states))
        for k, x in enumerate(tables["stationary"]):
            got = float(x["exact"])
            check(abs(got - wanted[k]) < 1e-7, f"share of {k} at mutation {mu}: {got}, EGTtools {wanted[k]}")
            half = (float(x["ci_high"]) - float(x["ci_low"])) / 2
            seen = float(x["simulated"])
            # half a 95% interval is two standard errors
            check(abs(seen - wanted[k]) <= 2 * half + 1e-6, f"simulated share of {k}: {seen} +- {half}, EGTtools {wanted[k]}")


def stationary(transition):
    """The distribution a chain rests in, by linear equations."""
    n = len(transition)
    equations = np.vstack([np.asarray(transition).T - np.eye(n), np.ones(n)])
    return np.linalg.lstsq(equations, np.append(np.zeros(n), 1.0), rcond=None)[0]


def bench():
    """Turns and generations per second, one thread each; twain's include its start and its files."""
    names = ["tit-for-tat", "grudger", "win-stay-lose-shift", "random", "joss", "gradual", "tester", "downing"]
    every = {**CERTAIN, **CHANCE}
    pairs = len(names) * (len(names) + 1) // 2
    rows = []

    def clock(run):
        start = time.perf_counter()
        run()
        return time.perf_counter() - start

    # noise 0 on both sides: with noise twain also plays the tournament without it
    runs = 4000
    seconds = clock(lambda: twain("tournament", "--players", ",".join(names), "--repetitions", str(runs), "--threads", "1"))
    mine = runs * pairs * 200 / seconds
    runs = 5
    tournament = axl.Tournament([every[n]() for n in names], turns=200, repetitions=runs, seed=1)
    seconds = clock(lambda: tournament.play(progress_bar=False, build_results=False))
    theirs = runs * pairs * 200 / seconds
    rows.append(("turns of matches a second", mine, "Axelrod-Python", theirs))

    from egttools.games import Matrix2PlayerGameHolder
    from egttools.numerical import PairwiseComparisonNumerical

    matrix, size, beta, mu = np.array([[1, 1.4, 5], [0.9, 3, 3], [0, 3, 3]]), 50, 0.3, 0.05
    generations = 400_000
    text = toml(matrix, population=size, selection=beta, mutation=mu, generations=generations, runs=1,
                fixation_runs=0, samples=10).rstrip()
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text + "\n")
        file.flush()
        seconds = clock(lambda: twain("evolve", file.name, "--threads", "1"))
    mine = generations / seconds
    # a "generation" of EGTtools' evolve is one update: it changes one individual at most
    updates = 2_000_000
    game = Matrix2PlayerGameHolder(3, matrix.astype(float))
    peer = PairwiseComparisonNumerical(size, game, 1_000_000)
    start = np.array([size - 2, 1, 1], dtype=np.int64)
    seconds = clock(lambda: peer.evolve(updates, beta, mu, start))
    theirs = updates / size / seconds
    rows.append((f"generations of {size} a second", mine, "EGTtools", theirs))
    print(f"{'':32} {'twain':>14} {'peer':>14}  ratio  peer")
    for what, a, peer, b in rows:
        print(f"{what:32} {a:14,.0f} {b:14,.0f} {a / b:6.1f}  {peer}")


if __name__ == "__main__":
    if "--bench" in sys.argv[1:]:
        bench()
        sys.exit(0)
    certain_matches()
    ratings()
    noisy_matches()
    populations()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
