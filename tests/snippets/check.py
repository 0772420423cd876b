"""Runs the snippets of docs/reading-results.md in R and Python, and holds what they print to the program's own tables."""
import csv
import re
import subprocess
import sys
from collections import defaultdict

page, rscript = sys.argv[1:]
text = open(page, encoding="utf-8").read()
snippets = re.findall(r"```(r|python)\n(.*?)```", text, re.S)
assert [k for k, _ in snippets].count("r") == 3 and [k for k, _ in snippets].count("python") == 5, "the page has changed"


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# what they ought to say, from the tables alone
framework = defaultdict(list)
for r in rows("results/first/runs.csv"):
    framework[r["theory"]].append(float(r["framework"]))
share = {t: sum(x) / len(x) for t, x in framework.items()}
summary = [r for r in rows("results/first/summary.csv") if r["metric"] == "cooperation_between"]
end = max(float(r["time"]) for r in summary)
last = {r["theory"]: [float(r[c]) for c in ("mean", "ci_low", "ci_high")] for r in summary if float(r["time"]) == end}


def means(folder):
    own = defaultdict(list)
    for r in rows(f"{folder}/series.csv"):
        if r["cooperation_between"]:
            own[r["theory"], r["replication"]].append(float(r["cooperation_between"]))
    return {k: sum(x) / len(x) for k, x in own.items()}


first, longer = means("results/first"), means("results/longer")
paired = defaultdict(list)
for key, x in first.items():
    paired[key[0]].append(longer[key] - x)
difference = {t: sum(x) / len(x) for t, x in paired.items()}


def numbers(out, school):
    line = next(l for l in out.splitlines() if re.search(rf"\b{school}\b", l))
    return [float(x) for x in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", line.split(school, 1)[1])]


def close(found, wanted, what):
    assert abs(found - wanted) < 2e-4 * max(1.0, abs(wanted)) + 1e-6, f"{what}: {found}, expected {wanted}"


order = {"r": [share, last, difference], "python": [share, last, difference, None, last]}
count = 0
for language, wanted in order.items():
    for k, (code, expected) in enumerate(zip([c for l, c in snippets if l == language], wanted)):
        command = [rscript, "-e", code] if language == "r" else [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, f"{language} snippet {k + 1}:\n{code}\n{done.stdout}{done.stderr}"
        for school, value in (expected or {}).items():
            found = numbers(done.stdout, school)
            for got, want in zip(found, value if isinstance(value, list) else [value]):
                close(got, want, f"{language} snippet {k + 1}, {school}")
                count += 1
        if expected is None:
            assert "Int64" in done.stdout and "string" in done.stdout, done.stdout
print(f"{len(snippets)} snippets run, {count} numbers equal")
