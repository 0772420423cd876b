//! The reference, made from the registries: every key, parameter and column, as Markdown.

use crate::model::parameters::World;
use crate::output::rows::TABLES;
use crate::scenario::{contest, spec};
use crate::theory::{Parameter, Roster, SCHOOLS};

/// The whole page, `docs/reference.md`.
///
/// ```
/// assert!(twain::report::reference::page().contains("theory.realism"));
/// ```
pub fn page() -> String {
    format!(
        "# Reference\n\nMade from the code. Metrics depend on the scenario: `twain list metrics SCENARIO`.\n\n{}\n{}\n{}",
        keys(),
        parameters(),
        columns()
    )
}

/// One table of parameters in Markdown.
fn table(title: &str, path: &str, list: &[Parameter]) -> String {
    let mut text = format!(
        "\n### {title}: `[{path}]`\n\n| key | default | range | neutral | unit | meaning | source |\n|---|---|---|---|---|---|---|\n"
    );
    for p in list {
        text += &format!(
            "| `{}` | {} | {} to {} | {} | {} | {} | {} |\n",
            p.name, p.default, p.low, p.high, p.neutral, p.unit, p.meaning, p.source
        );
    }
    text
}

/// Every parameter, as Markdown.
pub fn parameters() -> String {
    let mut text = String::from("## Parameters\n\nThe neutral value switches a mechanism off.\n");
    text += &table("Shared by all schools", "world", World::PARAMETERS);
    for (i, s) in SCHOOLS.iter().enumerate() {
        text += &table(s, &format!("theory.{s}"), Roster::parameters(i));
    }
    text
}

/// Every fixed column, as Markdown.
pub fn columns() -> String {
    let mut text = String::from("## Columns\n");
    let mut last = "run";
    for table in TABLES {
        if last == "run" && table.verb != last {
            text += "\n`series.csv` goes on with one column per metric: see `twain list metrics SCENARIO`.\n";
        }
        last = table.verb;
        let of = if table.verb == "run" { String::new() } else { format!(" of `twain {}`", table.verb) };
        text += &format!("\n### `{}`{of}\n\n| column | type | meaning |\n|---|---|---|\n", table.name);
        for column in table.columns {
            text += &format!("| `{}` | {} | {} |\n", column.name, column.kind.name(), column.meaning);
        }
        if !table.key.is_empty() {
            let key: Vec<String> = table.key.iter().map(|k| format!("`{k}`")).collect();
            text += &format!("\nRows are told apart by {}.\n", key.join(", "));
        }
    }
    text += "\n`payoffs.csv` of `twain evolve` has the columns of `twain tournament`. Where both players look back one turn only and the\nlength is fixed, its score is exact, not a mean.\n";
    text += "\n`docs/experiments.md` has the tables of sweeps.\n";
    text
}

/// Every scenario key, as Markdown.
pub fn keys() -> String {
    let mut text = String::from("## Keys of a scenario\n");
    for (title, table) in [
        ("Top level", spec::ROOT),
        ("`[run]`", spec::RUN),
        ("`[state.CODE]`", spec::STATE),
        ("`[organisation.CODE]`", spec::ORGANISATION),
        ("`[issue.CODE]`", spec::ISSUE),
        ("`[[initial]]`", spec::INITIAL),
        ("`[[event]]`", spec::EVENT),
        ("`[[proposal]]`", spec::PROPOSAL),
        ("`[[record]]`", spec::RECORD),
        ("`[[series]]`", spec::SERIES),
        ("`[[whatif]]`", spec::WHATIF),
        ("`[[fact]]`", spec::FACT),
        ("`[sweep]`, in a scenario or a file of its own", spec::SWEEP),
        ("`[[sweep.factor]]`", spec::FACTOR),
        ("Files of `twain contract`", crate::analysis::contract::CONTRACT),
        ("`[[proposition]]`", spec::PROPOSITION),
        ("Files of `twain tournament`", contest::TOURNAMENT),
        ("`[[player]]`", contest::PLAYER),
        ("Neighbours, in files of `twain tournament` and `twain evolve`", contest::GRAPH),
        ("Files of `twain evolve`, besides those of `twain tournament`", contest::EVOLUTION),
    ] {
        text += &format!(
            "\n### {title}\n\n| key | type | needed | default | unit | meaning |\n|---|---|---|---|---|---|\n"
        );
        for k in table {
            text += &format!(
                "| `{}` | {} | {} | {} | {} | {} |\n",
                k.name,
                spec::kind_words(&k.kind),
                if k.required { "yes" } else { "" },
                k.default.replace('|', "\\|"),
                k.unit,
                k.meaning
            );
        }
    }
    text
}
