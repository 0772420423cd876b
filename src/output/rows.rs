//! Every table that twain writes, once: what a row holds, what each column means, and what tells rows apart. Tables are
//! written from these rows and read back into them; `twain list columns`, the reference page and the codebook beside every
//! result are made from them.
//!
//! A table is added here, in the order of its columns, and written with [`Tables::open`](super::Tables::open) and
//! [`Table::write`](super::Table::write).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::{show, small};

/// What a column holds, in the words of Table Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words: names, dates, codes, expressions.
    String,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Whatever the scenario holds at a path.
    Any,
}

impl Kind {
    /// Its name in a Table Schema.
    pub fn name(self) -> &'static str {
        match self {
            Kind::String => "string",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Any => "any",
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in the header.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means, with the unit.
    pub meaning: &'static str,
}

/// A table.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The verb that writes it.
    pub verb: &'static str,
    /// File name.
    pub name: &'static str,
    /// Its fixed columns in their order.
    pub columns: &'static [Column],
    /// Columns that tell its rows apart; empty if rows may be equal.
    pub key: &'static [&'static str],
}

impl Spec {
    /// The names of its columns.
    pub fn header(&self) -> Vec<&'static str> {
        self.columns.iter().map(|c| c.name).collect()
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

/// A row of a table.
pub trait Row: Serialize {
    /// The table.
    const SPEC: Spec;
}

impl<R: Row> Row for &R {
    const SPEC: Spec = R::SPEC;
}

/// What can stand in a cell.
pub trait Typed {
    /// What the column holds.
    const KIND: Kind;
}

macro_rules! typed {
    ($($kind:ident: $($type:ty),*;)*) => {
        $($(impl Typed for $type {
            const KIND: Kind = Kind::$kind;
        })*)*
    };
}

typed! {
    String: String, char, Answer;
    Integer: u8, i8, u64, usize;
    Number: Figure, Small, Score, Chance;
}

impl<T: Typed> Typed for Option<T> {
    const KIND: Kind = T::KIND;
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident by $show:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name(pub f64);

        impl $name {
            /// The number, unless it is missing.
            pub fn known(self) -> Option<f64> {
                (!self.0.is_nan()).then_some(self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let show: fn(f64) -> String = $show;
                to.serialize_str(&show(self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Ok($name(Option::<f64>::deserialize(from)?.unwrap_or(f64::NAN)))
            }
        }

        impl Default for $name {
            fn default() -> Self {
                $name(f64::NAN)
            }
        }
    )*};
}

numbers! {
    /// A number that may be missing: six decimals in tables, an empty cell for NaN.
    Figure by show;
    /// The same, with all digits of what is far below a millionth.
    Small by |x| if x != 0.0 && x.abs() < 1e-5 { format!("{x:e}") } else { show(x) };
    /// A score that an optimiser compares: nine decimals.
    Score by |x| format!("{x:.9}");
    /// A probability that may be tiny: twelve digits, in powers of ten below a millionth; an empty cell for NaN.
    Chance by small;
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
    ($($verb:literal: $($(#[$doc:meta])* $name:ident in $table:literal by [$($key:ident),*] {
        $($(#[$attribute:meta])* $field:ident: $kind:ty = $meaning:literal,)*
    })*)*) => {
        $($(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct $name {
                $($(#[$attribute])* #[doc = $meaning] pub $field: $kind,)*
            }

            impl Row for $name {
                const SPEC: Spec = Spec {
                    verb: $verb,
                    name: $table,
                    columns: &[$(Column { name: stringify!($field), kind: <$kind as Typed>::KIND, meaning: $meaning }),*],
                    key: &[$(stringify!($key)),*],
                };
            }
        )*)*

        /// Every table with fixed columns, in the order of the verbs.
        pub const TABLES: &[Spec] = &[$($(<$name as Row>::SPEC),*),*];
    };
}

rows! {
    "run":
    /// One run.
    Run in "runs.csv" by [theory, replication] {
        theory: String = "population that decided",
        replication: u64 = "number of the run, from 0",
        seed: u64 = "master seed",
        framework: u8 = "1 if a framework between the blocs was formed",
        framework_date: String = "step at which it was first formed, empty if never",
        proposals: usize = "proposals between the blocs",
        proposals_passed: usize = "those that passed",
        exits: usize = "departures from any organisation",
        rejoins: usize = "returns to any organisation",
    }
    /// One step of a run; a column for each metric follows.
    Series in "series.csv" by [theory, replication, date] {
        theory: String = "population that decided",
        replication: u64 = "number of the run",
        date: String = "step",
        time: Figure = "start of the step in decimal years",
    }
    /// A metric at a step, over the runs of a population.
    Summary in "summary.csv" by [theory, date, metric] {
        theory: String = "population that decided",
        date: String = "step",
        time: Figure = "start of the step in decimal years",
        metric: String = "metric summarised",
        n: u64 = "runs with a value",
        mean: Figure = "mean over runs",
        sd: Figure = "sample standard deviation over runs",
        ci_low: Figure = "lower end of the 95% interval of the mean (Student's t)",
        ci_high: Figure = "upper end of that interval",
        q10: Figure = "tenth percentile (to 1/256 of the metric's range)",
        q50: Figure = "median",
        q90: Figure = "ninetieth percentile",
    }
    /// A state in the first step of a year of a run.
    State in "states.csv" by [theory, replication, date, state] {
        theory: String = "population that decided",
        replication: u64 = "number of the run",
        date: String = "first step of the year",
        state: String = "state code",
        capability: Figure = "composite capability, world share",
        gdp: Figure = "billion US dollars",
        contribution_share_of_gdp: Figure = "military spending, share of GDP",
        side_payment: Figure = "payment by a patron, vote units",
        frameworks: Figure = "organisations the state is a member or partner of",
    }
    /// A figure of a state in the first step of a year, over the runs of a population.
    StateSummary in "states_summary.csv" by [theory, date, state, metric] {
        theory: String = "population that decided",
        date: String = "first step of the year",
        state: String = "state code",
        metric: String = "contribution_share_of_gdp, side_payment, frameworks or gdp_share",
        n: u64 = "runs",
        mean: Figure = "mean over runs",
        sd: Figure = "sample standard deviation over runs",
    }
    /// One vote of a run.
    Vote in "votes.csv" by [] {
        theory: String = "population that decided",
        replication: u64 = "number of the run",
        date: String = "step",
        proposal: String = "kind and label",
        proposer: String = "who proposed",
        target: String = "who was addressed",
        organisation: String = "body in which the vote is cast",
        state: String = "voter",
        vote: Answer = "yes (silence kept) or no (silence broken)",
        utility: Figure = "of agreeing over breaking silence, vote units",
        deciding_term: String = "the term that pushed hardest in the direction of the vote, `luck` for a vote against odds of three to one, `given` for one given from outside",
        pivotality: Figure = "P(agreed if this veto is removed) - P(agreed)",
    }
    /// One proposal of a run.
    Proposal in "proposals.csv" by [theory, replication, number] {
        theory: String = "population that decided",
        replication: u64 = "number of the run",
        number: usize = "number of the proposal in the run, from 0",
        date: String = "step",
        proposal: String = "kind and label",
        proposer: String = "who proposed",
        target: String = "who was addressed",
        passed: u8 = "1 if both sides agreed",
        chance: Figure = "chance that both agree, before anything was drawn; principle included",
        principle_proposer: Figure = "chance that principle lets the asking side agree at all",
        principle_target: Figure = "chance that principle lets the side addressed agree at all",
        refused_on_principle: String = "side that refused on principle whatever its members voted: proposer, target or both; empty if none",
    }
    /// The votes of one member on one proposal, over the runs of a population.
    Pivotality in "pivotality.csv" by [] {
        theory: String = "population that decided",
        date: String = "step; empty for proposals that leaders made at many dates",
        proposal: String = "kind and label",
        organisation: String = "body",
        state: String = "voter",
        n: u64 = "votes",
        share_no: Figure = "share of votes that broke silence",
        mean_utility: Figure = "mean utility of agreeing",
        mean_pivotality: Figure = "mean pivotality",
        main_term: String = "most frequent deciding term of refusals; empty if there was none",
    }
    /// A change of a membership in a run.
    Membership in "memberships.csv" by [] {
        theory: String = "population that decided",
        replication: u64 = "number of the run",
        date: String = "step",
        state: String = "state code",
        organisation: String = "body",
        change: String = "join, leave, rejoin, partner or unpartner",
        deciding_term: String = "the term that pushed hardest; `dated` for an entry or exit given as input, `luck` for one against odds of three to one",
    }
    /// How often a state belongs to a body in the first step of a year.
    Belonging in "membership_paths.csv" by [theory, date, organisation, state] {
        theory: String = "population that decided",
        date: String = "first step of the year",
        organisation: String = "body",
        state: String = "state code",
        share_member: Figure = "share of runs in which the state is a member",
    }
    /// A pair of states in the first step of a year, over the runs of a population.
    Tie in "network.csv" by [theory, date, a, b] {
        theory: String = "population that decided",
        date: String = "first step of the year",
        a: String = "state",
        b: String = "state",
        cooperation: Figure = "share of cooperative moves between them, mean over runs",
        image: Figure = "mean image",
        threat: Figure = "mean normalised threat",
    }
    /// A directed pair of states in the first step of a year of a run.
    Dyad in "dyads.csv" by [theory, replication, date, from, to] {
        theory: String = "population that decided",
        replication: u64 = "number of the run",
        date: String = "first step of the year",
        from: String = "state that acts or looks",
        to: String = "the other",
        cooperation: Figure = "share of cooperative moves",
        image: Figure = "-1 to 1",
        threat: Figure = "0 to 1",
    }
    /// A dated event that the runs were given.
    Event in "events.csv" by [] {
        date: String = "step",
        time: Figure = "decimal year",
        kind: String = "act, threat, regime-threat, capability, thaw or reform",
        label: String = "what happened",
        sign: i8 = "of the size: among acts 1 is friendly, -1 hostile; a threat or pressure rises with 1",
        size: Figure = "weight, -1 to 1",
        source: String = "where it is recorded",
    }
    /// What the runs are set beside and no rule reads: a dot of the coded record, or a year of a series.
    Recorded in "record.csv" by [series, metric, date] {
        series: String = "`coded record`, or the name of a yearly series",
        metric: String = "metric it is set beside",
        date: String = "when; a year for a series",
        time: Figure = "decimal year",
        value: Figure = "value, in the metric's unit or the series' own",
        source: String = "where it is recorded",
    }

    "compare":
    /// A population held to a fact.
    FactScore in "scores.csv" by [theory, fact] {
        theory: String = "population that decided",
        kind: String = "school, mix, ablation or null",
        fact: String = "id of the fact",
        block: String = "group of facts that are not independent",
        split: String = "calibration (may be used to fit) or holdout",
        weight: Figure = "weight inside its block",
        claims: Option<char> = "what the school claims: + , - or 0; empty for others",
        hits: u64 = "runs in which the measure holds",
        runs: u64 = "runs",
        missing: u64 = "runs in which a value the measure needs is missing; they count as not showing the fact",
        share: Figure = "hits over runs",
        ci_low: Figure = "lower end of Wilson's 95% interval of the share",
        ci_high: Figure = "upper end",
        log_score: Figure = "expected log of what a forecaster says who has seen 20 of the runs and adds one of each kind; 0 is perfect",
        brier_score: Figure = "unbiased estimate of the squared distance from what happened; 0 is perfect",
    }
    /// A population's score over a part of the facts.
    BoardScore in "scoreboard.csv" by [theory, split] {
        theory: String = "population that decided",
        kind: String = "school, mix, ablation or null",
        split: String = "calibration (may be used to fit), holdout, all, bloc to bloc, or separating (one school claims the fact, another speaks against it)",
        score: Figure = "mean log score, blocks averaged first; 0 is perfect",
        ci_low: Figure = "lower end of the 95% interval by bootstrap over facts and runs",
        ci_high: Figure = "upper end",
        hits: usize = "facts shown by more than half of the runs",
        facts: usize = "facts",
        free_parameters: usize = "parameters the population's rules have",
        skill: Figure = "score minus that of the best null model",
        brier: Figure = "mean Brier score, blocks averaged first; 0 is perfect, .25 a shrug",
        first_among_schools: Figure = "share of bootstrap samples in which the school comes first; empty for others",
    }
    /// A population's score over a block of facts.
    BlockScore in "blocks.csv" by [theory, split, block] {
        theory: String = "population that decided",
        kind: String = "school, mix, ablation or null",
        split: String = "part of the facts, as in scoreboard.csv",
        block: String = "group of facts",
        score: Figure = "mean log score of the block",
        brier: Figure = "mean Brier score of the block",
    }
    /// A dated fact.
    Fact in "facts.csv" by [fact] {
        fact: String = "id of the fact",
        claim: String = "the fact in one sentence",
        page: String = "page of the source",
        period: String = "first and last date it speaks of",
        block: String = "group of facts",
        split: String = "calibration (may be used to fit) or holdout",
        weight: Figure = "weight inside its block",
        measure: String = "expression over the metrics of a run",
        source: String = "where it is recorded, if not in the book whose pages are given",
        coder: String = "who coded which school claims it",
        separating: u8 = "1 if one school claims it and another speaks against it",
    }
    /// Forecasts of like confidence, and how many came true.
    Bin in "reliability.csv" by [theory, low] {
        theory: String = "population that decided",
        kind: String = "school, mix, ablation or null",
        low: Figure = "least forecast of the bin",
        high: Figure = "greatest forecast of the bin",
        statements: usize = "facts with such a share, and denials of facts with the complement",
        forecast: Figure = "mean forecast of these statements",
        happened: Figure = "share of them that came true",
    }
    /// A population's metric beside a series of the record.
    Correlation in "correlations.csv" by [theory, series, metric] {
        theory: String = "population that decided",
        kind: String = "school, mix, ablation or null",
        series: String = "what is measured",
        metric: String = "metric held against it, mean over runs",
        changes: usize = "changes from one value to the next that both have",
        correlation: Figure = "Pearson's correlation of these changes",
        null_low: Figure = "lower end of the middle 95% when the series' changes are shuffled",
        null_high: Figure = "upper end",
        p: Figure = "share of shuffles that correlate at least as highly",
    }
    /// What a school claims, and how much of it its runs show.
    Stance in "stances.csv" by [coder, theory, sign] {
        coder: String = "whose signs",
        theory: String = "school",
        sign: char = "+ it accounts for the facts, - it speaks against them, 0 it is silent",
        facts: usize = "facts so signed",
        shown: usize = "those that more than half of its runs show",
        log_score: Figure = "plain mean of their log scores",
        brier_score: Figure = "plain mean of their Brier scores",
    }
    /// A population's score over a part of the facts of a case.
    CaseScore in "cases.csv" by [case, theory, split] {
        case: String = "scenario, or `over` for the mean of the cases",
        theory: String = "population that decided",
        kind: String = "school, mix, ablation or null",
        split: String = "part of the facts, as in scoreboard.csv",
        facts: usize = "facts; for `over` cases that have some",
        score: Figure = "mean log score, blocks averaged first",
        ci_low: Figure = "lower end of its 95% interval; empty for `over`",
        ci_high: Figure = "upper end",
        brier: Figure = "mean Brier score",
        skill: Figure = "score minus that of the best null model of the case",
        first_among_schools: Figure = "share of bootstrap samples; for `over` share of cases",
    }
    /// A fact on which two coders differ.
    Dissent in "agreement.csv" by [fact, school] {
        fact: String = "id of a fact on which the coders differ",
        school: String = "school",
        ours: char = "sign in the scenario",
        other: char = "sign of the other coder",
    }

    "whatif":
    /// An outcome without and with a change.
    Change in "whatif.csv" by [theory, whatif, outcome] {
        theory: String = "population that decided",
        whatif: String = "id of the change",
        label: String = "the change in words",
        outcome: String = "what is compared; metrics are means over the last five years",
        n: usize = "pairs of runs with a value",
        base: Figure = "mean without the change",
        alternative: Figure = "mean with it",
        difference: Figure = "mean of the paired differences",
        ci_low: Figure = "lower end of the 95% interval of the paired difference (Student's t)",
        ci_high: Figure = "upper end",
    }
    /// A metric in a window of time without and with a change.
    WindowChange in "windows.csv" by [theory, whatif, metric] {
        theory: String = "population that decided",
        whatif: String = "id of the change",
        label: String = "the change in words",
        metric: String = "metric, mean over the steps of the window",
        from: String = "first step of the window: where an event is dropped, the step of the event",
        to: String = "last step: where an event is dropped, a year from it",
        n: usize = "pairs of runs with a value",
        base: Figure = "mean without the change",
        alternative: Figure = "mean with it",
        difference: Figure = "mean of the paired differences",
        ci_low: Figure = "lower end of the 95% interval of the paired difference (Student's t)",
        ci_high: Figure = "upper end",
    }

    "takes":
    /// A lever pulled alone under a population.
    Lever in "takes.csv" by [theory, lever] {
        theory: String = "population",
        kind: String = "world, school, body, rule or event",
        lever: String = "what is changed: a value's path, a rule, or an event left out",
        from: Figure = "value in the scenario; empty for rules and events",
        to: Figure = "nearest value tried under which a framework forms in half of the runs; empty if none does",
        share_of_range: Figure = "how far that is, as a share of the lever's whole range, 0-1; 1 for rules and events",
        n: u64 = "runs at that value, or at the better end",
        formed: Figure = "share of these runs in which a framework formed",
        ci_low: Figure = "lower end of its 95% interval (Wilson)",
        ci_high: Figure = "upper end of its 95% interval",
        plausible: String = "what such a change would mean; a judgement",
    }

    "diff":
    /// Where two inputs differ.
    Input in "inputs.csv" by [path] {
        path: String = "where the two inputs differ; an event or another item of a list goes by its label or id",
        first: String = "value in the first result; empty if it has none",
        second: String = "value in the second; empty if it has none",
    }

    "contract":
    /// A proposition and what came of it.
    Claim in "contract.csv" by [proposition] {
        proposition: String = "short name",
        school: String = "whose claim it is; `across` for an order among schools, `frame` for what all share",
        claim: String = "the claim",
        source: String = "who argued it",
        world: String = "file of the world",
        change: String = "what is changed",
        measure: String = "what is measured",
        direction: String = "whether the bound is a floor or a ceiling",
        bound: Small = "the least (or greatest) value at which the claim is shown",
        n: u64 = "pairs of runs over all seeds; 0 for a closed form",
        value: Small = "the measure under the school",
        ci_low: Small = "lower end of its 95% interval (jackknife over pairs)",
        ci_high: Small = "upper end",
        neutral: Small = "the measure with every school's own terms switched off",
        neutral_low: Small = "lower end of its 95% interval",
        neutral_high: Small = "upper end",
        verdict: String = "shown, near its bound, or not shown",
        declared: String = "what the file says: holds, or does not hold",
        why: String = "why it does not hold, if so",
        note: String = "remark",
    }
    /// A proposition under one master seed.
    ClaimSeed in "contract_seeds.csv" by [proposition, population, seed] {
        proposition: String = "short name",
        population: String = "the proposition's own (`school`) or `neutral`",
        seed: u64 = "master seed",
        value: Figure = "the measure over this seed's pairs",
    }

    "calibrate":
    /// A point that a fit tried.
    Trial in "path.csv" by [] {
        evaluation: usize = "number of the evaluation, from 0",
        theory: String = "school fitted",
        phase: String = "how the point was chosen",
        parameters: String = "name=value of every fitted parameter",
        score: Score = "mean log score on the calibration facts",
    }
    /// A fitted parameter.
    Fitted in "fitted.csv" by [theory, parameter] {
        theory: String = "school",
        parameter: String = "name",
        default: Figure = "shipped value",
        fitted: Figure = "value of the best point",
        low: Figure = "least value allowed",
        high: Figure = "greatest value allowed",
    }
    /// Shipped or fitted values on a case.
    Transfer in "transfer.csv" by [theory, case, values] {
        theory: String = "school",
        case: String = "case scored, all of its facts",
        fitted_on: u8 = "1 for the case of the fit, 0 for the others, which took no part in it",
        values: String = "default (as the scenario has them) or fitted",
        score: Figure = "mean log score, blocks averaged first; 0 is perfect",
        brier: Figure = "mean Brier score",
        skill: Figure = "score minus that of the case's best null model",
        facts: usize = "facts",
    }

    "sensitivity":
    /// An index of a factor.
    Sensitivity in "sensitivity.csv" by [theory, outcome, factor, index] {
        theory: String = "population that decided",
        outcome: String = "what varies",
        factor: String = "scenario path",
        index: String = "mu, mu_star, sigma (Morris) or S1, ST (Sobol')",
        value: Figure = "estimate",
        ci_low: Figure = "lower end of the 95% interval by bootstrap",
        ci_high: Figure = "upper end",
        resamples: u64 = "bootstrap samples behind the interval, of 500; those without variance are left out",
    }
    /// How wide the widest interval of an outcome is after some replications.
    Convergence in "convergence.csv" by [theory, outcome, replications] {
        theory: String = "population that decided",
        outcome: String = "what is estimated",
        replications: u64 = "replications used",
        point: usize = "design point with the widest interval",
        half_width: Figure = "half the width of that interval",
    }
    /// At how many points of a design a population lies above all others.
    Lead in "leads.csv" by [outcome, theory] {
        outcome: String = "what is compared between populations",
        theory: String = "population that decided",
        points: usize = "design points at which its mean is above that of every other population",
        of: usize = "design points at which all have a mean",
    }

    "tournament":
    /// A player of a tournament.
    Ranking in "ranking.csv" by [player] {
        rank: usize = "place by mean score; equal scores share it",
        player: String = "name",
        score: Figure = "mean payoff per turn against the others",
        ci_low: Figure = "lower end of the 95% interval over repetitions (Student's t); empty for one repetition",
        ci_high: Figure = "upper end",
        cooperation: Figure = "share of cooperative moves against the others",
        wins: Figure = "mean number of others beaten in a repetition",
        good_partner: Figure = "share of matches in which it cooperated at least as often as the other",
        eigenjesus: Figure = "leading eigenvector of the cooperation matrix, greatest entry 1",
        nice: Answer = "yes if it is never the first to defect, else no",
        retaliating: Answer = "yes if it answers an uncalled-for defection at once",
        forgiving: Answer = "yes if it cooperates again after one defection",
    }
    /// What a player earns against another.
    Payoff in "payoffs.csv" by [player, opponent] {
        player: String = "who earns",
        opponent: String = "against whom; the player's own double included, on a graph neighbours only",
        score: Figure = "mean payoff per turn",
        sd: Figure = "standard deviation over repetitions; empty for one repetition",
        n: u64 = "repetitions",
    }
    /// How often a player cooperates with another.
    Cooperation in "cooperation.csv" by [player, opponent] {
        player: String = "who moves",
        opponent: String = "against whom",
        cooperation: Figure = "share of cooperative moves",
        n: u64 = "repetitions",
    }
    /// A player's share of a population whose generations replay the tournament.
    Ecology in "ecology.csv" by [generation, player] {
        generation: u64 = "generations since the start",
        player: String = "name",
        share: Figure = "share of the population",
    }
    /// One match.
    Interaction in "interactions.csv" by [] {
        repetition: u64 = "repetition, from 0",
        player: String = "name of one",
        opponent: String = "name of the other",
        turns: usize = "turns played",
        player_moves: String = "moves of the one as executed, C or D each turn",
        opponent_moves: String = "moves of the other",
        player_score: Figure = "total payoff of the one",
        opponent_score: Figure = "total payoff of the other",
    }

    "evolve":
    /// A strategy at a moment of a process.
    Trajectory in "trajectory.csv" by [dynamics, time, strategy] {
        dynamics: String = "the process simulated, or `replicator`",
        time: Figure = "generations",
        strategy: String = "name",
        share: Figure = "share of the population, mean over runs",
        q10: Figure = "tenth percentile over runs",
        q90: Figure = "ninetieth percentile over runs",
    }
    /// A mutant among residents.
    Fixation in "fixation.csv" by [mutant, resident] {
        mutant: String = "the strategy of one individual",
        resident: String = "the strategy of all others",
        exact: Chance = "probability that the mutant takes over, well mixed; empty on a graph",
        simulated: Figure = "share of simulated mutants that took over; empty if some were given up",
        ci_low: Figure = "lower end of Wilson's 95% interval",
        ci_high: Figure = "upper end",
        neutral: Chance = "1/N, the probability without selection",
        time_exact: Figure = "mean generations to fixation given that it happens; empty on a graph",
        time_simulated: Figure = "the same, simulated; empty if no mutant took over",
        runs: u64 = "mutants simulated",
        unfinished: u64 = "mutants given up, neither spread nor vanished",
        log_exact: Figure = "natural logarithm of `exact`, which has a value where `exact` rounds to 0; empty on a graph or if it cannot happen",
    }
    /// A strategy in the long run.
    Stationary in "stationary.csv" by [strategy] {
        strategy: String = "name",
        rare_mutation: Chance = "exact share in the limit of rare mutation, well mixed; empty on a graph",
        exact: Chance = "exact share at the given mutation, well mixed, for chains of at most 1000 states",
        simulated: Figure = "mean share over the runs after the first tenth",
        ci_low: Figure = "lower end of the 95% interval over runs (Student's t)",
        ci_high: Figure = "upper end",
        start: Figure = "share at the start",
        takeover: Chance = "exact probability that it takes over from the start without mutation, well mixed, two strategies or at most 1000 states",
    }
    /// Two strategies alone in a well-mixed population, at one number of individuals.
    Gradient in "gradient.csv" by [] {
        strategy: String = "whose individuals are counted",
        against: String = "the other strategy",
        count: usize = "individuals of the strategy; at most 101 points from 0 to all",
        share: Figure = "count over the size of the population",
        up: Chance = "chance that an update makes it one more",
        down: Chance = "chance that an update makes it one fewer",
        gradient: Chance = "gradient of selection: up less down",
        takeover: Chance = "exact probability that the strategy takes over from this count",
    }

    "match":
    /// One turn of a match.
    Move in "moves.csv" by [turn] {
        turn: usize = "turn, from 1",
        player_move: char = "move of the first player as executed, C or D",
        opponent_move: char = "move of the second player",
        player_payoff: Figure = "payoff of the first player in this turn",
        opponent_payoff: Figure = "payoff of the second player",
        player_total: Figure = "its payoffs so far",
        opponent_total: Figure = "the same of the second player",
        player_chance: Figure = "chance of cooperating that the first player's rule gave",
        opponent_chance: Figure = "the same of the second player",
        mistakes: String = "what went wrong: `player slipped`, `opponent slipped` (executed wrongly), `player misread`, `opponent misread` (its move was read wrongly by the other), joined by `; `",
    }
}

/// A column of a sweep.
const fn column(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    Column { name, kind, meaning }
}

const POINT: Column = column("point", Kind::Integer, "point of the design, from 0");
const REPLICATION: Column = column("replication", Kind::Integer, "number of the run at that point, from 0");
const THEORY: Column = column("theory", Kind::String, "population that decided");

/// The tables of a sweep: their fixed columns. One column for each factor stands after the first one or two, and one for
/// each outcome at the end of runs.csv.
pub const SWEEP: &[Spec] = &[
    Spec { verb: "sweep", name: "points.csv", columns: &[POINT], key: &["point"] },
    Spec {
        verb: "sweep",
        name: "runs.csv",
        columns: &[POINT, REPLICATION, THEORY],
        key: &["point", "replication", "theory"],
    },
    Spec {
        verb: "sweep",
        name: "summary.csv",
        columns: &[
            POINT,
            THEORY,
            column("outcome", Kind::String, "what is summarised"),
            column("n", Kind::Integer, "runs with a value"),
            column("mean", Kind::Number, "mean over these runs"),
            column("sd", Kind::Number, "sample standard deviation over them"),
            column(
                "ci_low",
                Kind::Number,
                "lower end of the 95% interval of the mean (Student's t; Wilson's for framework)",
            ),
            column("ci_high", Kind::Number, "upper end of that interval"),
        ],
        key: &["point", "theory", "outcome"],
    },
    Spec {
        verb: "sweep",
        name: "failures.csv",
        columns: &[POINT, REPLICATION, THEORY, column("reason", Kind::String, "why the run failed")],
        key: &["point", "replication", "theory"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Memory, Tables};

    #[test]
    fn rows_come_back_as_they_were() {
        let row = Stationary {
            strategy: "a, \"b\"".into(),
            rare_mutation: Chance(1.5e-9),
            exact: Chance(f64::NAN),
            simulated: Figure(0.25),
            ci_low: Figure(f64::NAN),
            ci_high: Figure(1.0),
            start: Figure(0.5),
            takeover: Chance(0.0),
        };
        let mut memory = Memory::default();
        memory.rows([row.clone()]).expect("written");
        let text = &memory.tables["stationary.csv"];
        assert!(text.starts_with("strategy,rare_mutation,exact,"), "{text}");
        let back: Stationary =
            csv::Reader::from_reader(text.as_bytes()).deserialize().next().expect("a row").expect("readable");
        assert_eq!(back.strategy, row.strategy);
        assert_eq!(back.rare_mutation, row.rare_mutation);
        assert!(back.exact.0.is_nan() && back.ci_low.0.is_nan());
        assert_eq!((back.simulated, back.takeover), (row.simulated, row.takeover));
    }

    #[test]
    fn a_table_stands_once_and_its_key_is_of_its_columns() {
        for (k, table) in TABLES.iter().enumerate() {
            assert!(TABLES[k + 1..].iter().all(|t| t.name != table.name), "{}", table.name);
            assert!(table.key.iter().all(|key| table.column(key).is_some()), "{}", table.name);
        }
    }
}
