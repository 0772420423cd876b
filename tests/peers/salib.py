"""Compares the tables and the indices of two sweeps with pandas, DuckDB and SALib. Run by salib.sh."""

import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from SALib.analyze import morris, sobol

work = Path(sys.argv[1])
passed = failed = 0


def check(words, fine):
    global passed, failed
    if fine:
        passed += 1
    else:
        failed += 1
        print("FAILED:", words)


def close(a, b):
    # the tables hold six decimals, and nothing where a number is not defined
    if np.isnan(b):
        return np.isnan(a)
    return np.isfinite(a) and np.isfinite(b) and abs(a - b) <= 2e-6 + 1e-5 * abs(b)


def tables(folder):
    """Reads a sweep with pandas and DuckDB, checks types and means, returns points, summary and factors."""
    manifest = json.loads((folder / "manifest.json").read_text())
    factors = [f["path"] for f in manifest["sweep"]["factor"]]
    runs, summary = pd.read_csv(folder / "runs.csv"), pd.read_csv(folder / "summary.csv")
    points = pd.read_csv(folder / "points.csv")
    for column in ["point", "replication", "framework", "proposals"]:
        check(f"{folder.name}: pandas reads {column} as whole numbers", pd.api.types.is_integer_dtype(runs[column]))
    for column in [*factors, "cooperation_between", "framework_time"]:
        check(f"{folder.name}: pandas reads {column} as numbers", pd.api.types.is_numeric_dtype(runs[column]))
    check(f"{folder.name}: every run is there", len(runs) == len(points) * 12 * 2)
    check(f"{folder.name}: the manifest counts the rows", manifest["files"]["runs.csv"]["rows"] == len(runs))

    base = duckdb.connect()
    names = {"runs": runs, "summary": summary, "points": points}
    for name in names:
        base.sql(f"create table {name} as select * from read_csv('{folder / name}.csv')")
    types = dict(base.sql("select column_name, data_type from information_schema.columns "
                          "where table_name = 'runs'").fetchall())
    wanted = {"point": "BIGINT", "replication": "BIGINT", "theory": "VARCHAR", "framework": "BIGINT",
              "cooperation_between": "DOUBLE", "framework_time": "DOUBLE", factors[0]: "DOUBLE"}
    for column, kind in wanted.items():
        check(f"{folder.name}: DuckDB reads {column} as {kind}, not {types.get(column)}", types.get(column) == kind)
    for name, frame in names.items():
        count = base.sql(f"select count(*) from {name}").fetchall()[0][0]
        check(f"{folder.name}: DuckDB and pandas see the same rows of {name}", count == len(frame))

    # means by point, computed anew
    for outcome in ["framework", "cooperation_between", "trust_between"]:
        anew = base.sql(f"select point, theory, avg({outcome}) m, stddev_samp({outcome}) s from runs "
                        "group by all order by point, theory").fetchall()
        kept = summary[summary.outcome == outcome].sort_values(["point", "theory"])
        check(f"{folder.name}: the means of {outcome} are those of the runs",
              all(close(m, k) for (_, _, m, _), k in zip(anew, kept["mean"], strict=True)))
        check(f"{folder.name}: the deviations of {outcome} are those of the runs",
              all(close(s, k) for (_, _, _, s), k in zip(anew, kept["sd"], strict=True)))
    return points, summary, factors


def indices(folder):
    table = pd.read_csv(work / f"{folder.name}.sensitivity" / "sensitivity.csv")
    columns = ["theory", "outcome", "factor", "index"]
    return dict(zip(table[columns].itertuples(index=False, name=None), table["value"], strict=True))


def problem(points, factors):
    return {"num_vars": len(factors), "names": factors,
            "bounds": [[points[f].min(), points[f].max()] for f in factors]}


def against(kind, analyse, names):
    """Holds every index of a sweep against `analyse(problem, points, means) -> {name of index: values by factor}`."""
    folder = work / kind
    points, summary, factors = tables(folder)
    own = indices(folder)
    outcomes = sorted({(theory, outcome) for theory, outcome, _, _ in own})
    check(f"{kind}: indices of many outcomes", len(outcomes) > 10)
    held = 0
    for theory, outcome in outcomes:
        rows = summary[(summary.theory == theory) & (summary.outcome == outcome)].sort_values("point")
        theirs = analyse(problem(points, factors), points[factors].to_numpy(float), rows["mean"].to_numpy(float))
        for name in names:
            for factor, value in zip(factors, theirs[name], strict=True):
                held += 1
                check(f"{kind}: {name} of {factor} on {outcome} under {theory}: {own[theory, outcome, factor, name]}, "
                      f"SALib {value}", close(own[theory, outcome, factor, name], value))
    print(f"{kind}: {held} indices of {len(outcomes)} outcomes beside SALib's")


def screen(space, points, means):
    found = morris.analyze(space, points, means, num_levels=4, num_resamples=10, seed=1)
    return {"mu": found["mu"], "mu_star": found["mu_star"], "sigma": found["sigma"]}


def shares(space, _, means):
    # shares of no variance: SALib says 0, Twain leaves the cell empty
    blocks = means.reshape(-1, space["num_vars"] + 2)
    if np.ptp(blocks[:, [0, -1]]) == 0:
        return {name: np.full(space["num_vars"], np.nan) for name in ["S1", "ST"]}
    found = sobol.analyze(space, means, calc_second_order=False, num_resamples=10, seed=1)
    return {"S1": found["S1"], "ST": found["ST"]}


against("morris", screen, ["mu", "mu_star", "sigma"])
against("saltelli", shares, ["S1", "ST"])

# replications converge
steps = pd.read_csv(work / "morris.sensitivity" / "convergence.csv")
for (theory, outcome), part in steps.groupby(["theory", "outcome"]):
    if outcome == "cooperation_between":
        check(f"convergence of {outcome} under {theory} ends at 12", part.replications.tolist() == [2, 4, 8, 12])
        check(f"intervals of {outcome} under {theory} narrow", part.half_width.iloc[-1] < part.half_width.iloc[0])

print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
