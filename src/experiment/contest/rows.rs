//! Rows of the tables of tournaments, evolution and matches: written and read back as they stand here.

use anyhow::Context;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::output::{Columns, Tables, header, show};

/// A number that may be missing: six decimals in tables, an empty cell for NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell(pub f64);

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&show(self.0))
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Cell(Option::<f64>::deserialize(from)?.unwrap_or(f64::NAN)))
    }
}

/// A probability that may be tiny: twelve digits, in powers of ten below a millionth; an empty cell for NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance(pub f64);

impl Serialize for Chance {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&small(self.0))
    }
}

impl<'de> Deserialize<'de> for Chance {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Chance(Option::<f64>::deserialize(from)?.unwrap_or(f64::NAN)))
    }
}

fn small(x: f64) -> String {
    if x != 0.0 && x.abs() < 1e-6 {
        format!("{x:.11e}")
    } else if x.is_finite() {
        format!("{}", (x * 1e12).round() / 1e12)
    } else {
        String::new()
    }
}

/// Yes or no in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Answer::Yes } else { Answer::No }
    }
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($field:ident : $kind:ty = $meaning:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $(#[doc = $meaning] pub $field: $kind,)*
        }

        impl $name {
            /// Columns in their order, with what they mean.
            pub const COLUMNS: &'static [(&'static str, &'static str)] = &[$((stringify!($field), $meaning)),*];
        }
    )*};
}

rows! {
    /// A row of ranking.csv.
    Ranking {
        rank: usize = "place by mean score; equal scores share it",
        player: String = "name",
        score: Cell = "mean payoff per turn against the others",
        ci_low: Cell = "lower end of the 95% interval over repetitions (Student's t); empty for one repetition",
        ci_high: Cell = "upper end",
        cooperation: Cell = "share of cooperative moves against the others",
        wins: Cell = "mean number of others beaten in a repetition",
        good_partner: Cell = "share of matches in which it cooperated at least as often as the other",
        eigenjesus: Cell = "leading eigenvector of the cooperation matrix, greatest entry 1",
        nice: Answer = "yes if it is never the first to defect, else no",
        retaliating: Answer = "yes if it answers an uncalled-for defection at once",
        forgiving: Answer = "yes if it cooperates again after one defection",
    }
    /// A row of payoffs.csv.
    Payoff {
        player: String = "who earns",
        opponent: String = "against whom; the player's own double included, on a graph neighbours only",
        score: Cell = "mean payoff per turn",
        sd: Cell = "standard deviation over repetitions; empty for one repetition",
        n: u64 = "repetitions",
    }
    /// A row of cooperation.csv.
    Cooperation {
        player: String = "who moves",
        opponent: String = "against whom",
        cooperation: Cell = "share of cooperative moves",
        n: u64 = "repetitions",
    }
    /// A row of ecology.csv.
    Ecology {
        generation: u64 = "generations since the start",
        player: String = "name",
        share: Cell = "share of the population",
    }
    /// A row of interactions.csv: one match.
    Interaction {
        repetition: u64 = "repetition, from 0",
        player: String = "name of one",
        opponent: String = "name of the other",
        turns: usize = "turns played",
        player_moves: String = "moves of the one as executed, C or D each turn",
        opponent_moves: String = "moves of the other",
        player_score: Cell = "total payoff of the one",
        opponent_score: Cell = "total payoff of the other",
    }
    /// A row of moves.csv: one turn of a match.
    Move {
        turn: usize = "turn, from 1",
        player_move: char = "move of the first player as executed, C or D",
        opponent_move: char = "move of the second player",
        player_payoff: Cell = "payoff of the first player in this turn",
        opponent_payoff: Cell = "payoff of the second player",
        player_total: Cell = "its payoffs so far",
        opponent_total: Cell = "the same of the second player",
        player_chance: Cell = "chance of cooperating that the first player's rule gave",
        opponent_chance: Cell = "the same of the second player",
        mistakes: String = "what went wrong: `player slipped`, `opponent slipped` (executed wrongly), `player misread`, `opponent misread` (its move was read wrongly by the other), joined by `; `",
    }
    /// A row of trajectory.csv.
    Trajectory {
        dynamics: String = "the process simulated, or `replicator`",
        time: Cell = "generations",
        strategy: String = "name",
        share: Cell = "share of the population, mean over runs",
        q10: Cell = "tenth percentile over runs",
        q90: Cell = "ninetieth percentile over runs",
    }
    /// A row of fixation.csv.
    Fixation {
        mutant: String = "the strategy of one individual",
        resident: String = "the strategy of all others",
        exact: Chance = "probability that the mutant takes over, well mixed; empty on a graph",
        simulated: Cell = "share of simulated mutants that took over; empty if some were given up",
        ci_low: Cell = "lower end of Wilson's 95% interval",
        ci_high: Cell = "upper end",
        neutral: Chance = "1/N, the probability without selection",
        time_exact: Cell = "mean generations to fixation given that it happens; empty on a graph",
        time_simulated: Cell = "the same, simulated; empty if no mutant took over",
        runs: u64 = "mutants simulated",
        unfinished: u64 = "mutants given up, neither spread nor vanished",
        log_exact: Cell = "natural logarithm of `exact`, which has a value where `exact` rounds to 0; empty on a graph or if it cannot happen",
    }
    /// A row of stationary.csv.
    Stationary {
        strategy: String = "name",
        rare_mutation: Chance = "exact share in the limit of rare mutation, well mixed; empty on a graph",
        exact: Chance = "exact share at the given mutation, well mixed, for chains of at most 1000 states",
        simulated: Cell = "mean share over the runs after the first tenth",
        ci_low: Cell = "lower end of the 95% interval over runs (Student's t)",
        ci_high: Cell = "upper end",
        start: Cell = "share at the start",
        takeover: Chance = "exact probability that it takes over from the start without mutation, well mixed, two strategies or at most 1000 states",
    }
    /// A row of gradient.csv: two strategies alone in a well-mixed population, at one number of individuals.
    Gradient {
        strategy: String = "whose individuals are counted",
        against: String = "the other strategy",
        count: usize = "individuals of the strategy; at most 101 points from 0 to all",
        share: Cell = "count over the size of the population",
        up: Chance = "chance that an update makes it one more",
        down: Chance = "chance that an update makes it one fewer",
        gradient: Chance = "gradient of selection: up less down",
        takeover: Chance = "exact probability that the strategy takes over from this count",
    }
}

/// Writes one table from its rows.
///
/// # Errors
/// If it cannot be written.
pub fn write<T: Serialize>(
    out: &mut impl Tables,
    columns: Columns,
    name: &str,
    rows: impl IntoIterator<Item = T>,
) -> anyhow::Result<()> {
    let mut table = out.table(name, &header(columns, name))?;
    for row in rows {
        table.record(&record(&row).with_context(|| format!("cannot write {name}"))?)?;
    }
    out.close(table)
}

/// The cells of a row.
///
/// # Errors
/// If the row holds what a table cannot.
pub fn record<T: Serialize>(row: &T) -> anyhow::Result<csv::ByteRecord> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.serialize(row)?;
    let bytes = writer.into_inner().map_err(|e| anyhow::anyhow!("{}", e.error()))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    let mut record = csv::ByteRecord::new();
    reader.read_byte_record(&mut record)?;
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Memory;

    #[test]
    fn rows_come_back_as_they_were() {
        const COLUMNS: Columns = &[("stationary.csv", Stationary::COLUMNS)];
        let row = Stationary {
            strategy: "a, \"b\"".into(),
            rare_mutation: Chance(1.5e-9),
            exact: Chance(f64::NAN),
            simulated: Cell(0.25),
            ci_low: Cell(f64::NAN),
            ci_high: Cell(1.0),
            start: Cell(0.5),
            takeover: Chance(0.0),
        };
        let mut memory = Memory::default();
        write(&mut memory, COLUMNS, "stationary.csv", [row.clone()]).expect("written");
        let text = &memory.tables["stationary.csv"];
        assert!(text.starts_with("strategy,rare_mutation,exact,"), "{text}");
        let back: Stationary =
            csv::Reader::from_reader(text.as_bytes()).deserialize().next().expect("a row").expect("readable");
        assert_eq!(back.strategy, row.strategy);
        assert_eq!(back.rare_mutation, row.rare_mutation);
        assert!(back.exact.0.is_nan() && back.ci_low.0.is_nan());
        assert_eq!((back.simulated, back.takeover), (row.simulated, row.takeover));
    }
}
