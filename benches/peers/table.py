"""Makes the tables of docs/benchmarks.md from what run.sh measured, after checking that all play the same model.

    table.py sizes FOLDER          the sizes at which shares of cooperation are to be checked
    table.py write FOLDER PAGE     checks, then writes the tables between the markers of PAGE
"""

import csv
import os
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from numpy_batch_peer import batch  # noqa: E402

PACKAGES = {"Axelrod-Python": "axelrod", "Mesa": "mesa", "numpy": "numpy", "numpy, batched": "numpy", "numba": "numba"}
ORDER = ["Axelrod-Python", "Mesa", "numpy", "numpy, batched", "numba", "plain Rust", "twain"]
SIZES = ["6", "32", "100", "300", "1000"]


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def rounds_of_a_world(row):
    n, rounds = int(row["n"]), int(row["rounds"])
    return rounds // batch(n) if row["program"] == "numpy, batched" else rounds


def peers(folder):
    return [row for name in ["axelrod", "mesa", "numpy", "numpy_batch", "numba"] for row in peer(folder, name)]


def peer(folder, name):
    with open(folder / f"{name}.csv", newline="") as file:
        # names hold a comma, so the columns are counted from the right
        lines = [line.rsplit(",", 7) for line in file.read().splitlines()]
    keys = ["program", "n", "rounds", "noise", "pairs_per_second", "seconds", "payoff", "cooperations"]
    return [dict(zip(keys, line, strict=True)) for line in lines]


def check(folder):
    """Every noisy run of a peer lies within four standard deviations of Twain's worlds of that size."""
    known = {(r["n"], r["rounds"]): (float(r["mean"]), float(r["sd"])) for r in read(folder / "check.csv")}
    for row in peers(folder):
        if float(row["noise"]) == 0:
            continue
        n, rounds = int(row["n"]), int(row["rounds"])
        mean, deviation = known[row["n"], str(rounds_of_a_world(row))]
        share = int(row["cooperations"]) / (n * (n - 1) * rounds)
        if abs(share - mean) > 4 * deviation:
            sys.exit(f"{row['program']}, n = {n}, {rounds} rounds: share of cooperation {share}, Twain {mean} ± {deviation}")


def show(x):
    if x is None:
        return ""
    return f"{x / 1e6:,.1f}" if x < 1e8 else f"{x / 1e6:,.0f}"


def speeds(folder, noise):
    found = {}
    for row in peers(folder) + read(folder / "twain.csv") + read(folder / "twain-2.csv"):
        if float(row["noise"]) == noise:
            key, speed = (row["program"], row["n"]), float(row["pairs_per_second"])
            # of two measurements of Twain the slower counts
            found[key] = min(speed, found.get(key, speed))
    return found


def write(folder, page):
    check(folder)
    out = []
    for noise, words in [(0.01, "1% noise"), (0.0, "no noise")]:
        found = speeds(folder, noise)
        out += [f"**{words}**, million pairs a second on one thread, median of 5:", ""]
        out += ["| | " + " | ".join(f"n = {n}" for n in SIZES) + " | Twain at n = 6 / 32 / 300 |"]
        out += ["|---|" + "---:|" * len(SIZES) + "---:|"]
        for name in ORDER:
            label = f"{name} ({version(PACKAGES[name])})" if name in PACKAGES else name.capitalize() if name == "twain" else name
            times = []
            for n in ["6", "32", "300"]:
                one = found.get((name, n))
                times.append(f"{found['twain', n] / one:,.1f}x" if one and name != "twain" else "")
            ratio = " / ".join(t or "-" for t in times) if any(times) else ""
            out.append(f"| {label} | " + " | ".join(show(found.get((name, n))) for n in SIZES) + f" | {ratio} |")
        out.append("")
    out += ["**A sweep**: worlds at 1% noise on all cores, set-up and a CSV row for each player included:", ""]
    out += ["| replications | n | rounds | threads | seconds | million pairs a second |", "|---:|---:|---:|---:|---:|---:|"]
    for r in read(folder / "sweep.csv"):
        out.append(f"| {int(r['replications']):,} | {r['n']} | {r['rounds']} | {r['threads']} | {r['seconds']} | "
                   f"{show(float(r['pairs_per_second']))} |")
    out += ["", "**The full model**: invented states in two bodies, two issues, 40 quarters, institutionalists:", ""]
    out += ["| states | replications | threads | seconds | runs a second | million decisions a second |",
            "|---:|---:|---:|---:|---:|---:|"]
    for r in read(folder / "model.csv"):
        out.append(f"| {r['states']} | {r['replications']} | {r['threads']} | {float(r['seconds']):.2f} | "
                   f"{float(r['runs_per_second']):.2f} | {float(r['decisions_per_second']) / 1e6:.2f} |")
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    python = ".".join(map(str, sys.version_info[:3]))
    out += ["", f"Machine: {model}, {os.cpu_count()} cores; Python {python}."]
    text = page.read_text()
    begin, end = "<!-- measured by benches/peers/run.sh -->", "<!-- end -->"
    head, rest = text.split(begin)
    page.write_text(head + begin + "\n\n" + "\n".join(out) + "\n\n" + end + rest.split(end)[1])


verb, folder = sys.argv[1], Path(sys.argv[2])
if verb == "sizes":
    print(" ".join(sorted({f"{r['n']} {rounds_of_a_world(r)}" for r in peers(folder) if float(r["noise"] or 0) > 0})))
else:
    write(folder, Path(sys.argv[3]))
