//! What a scenario file may say: every table and key, with type, range, unit, default and meaning.
//!
//! This is the single source of the reader's checks, of `twain schema`, and of the reference pages.

use crate::theory::Parameter;

/// What a value must look like.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A number between two bounds, both included.
    Number(f64, f64),
    /// A whole number between two bounds, both included.
    Integer(i64, i64),
    /// Any text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A date, or a list of spells `[[from, until], [from]]`.
    Spells,
    /// A date: `1999`, `1999Q2`, `1999-04` or `1999-04-24`.
    Date,
    /// A number, or a table of dated numbers (`{ 1991 = 0.1, 2004 = 0.2 }`) interpolated between dates.
    Dated(f64, f64),
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A list whose entries are all of one kind.
    List(&'static Kind),
    /// A list whose entries are all of one kind, none of them twice.
    Set(&'static Kind),
    /// One value or a list of them, none of them twice.
    OneOrMany(&'static Kind),
    /// Latitude and longitude in degrees.
    Point,
    /// Any single value or list of values, as after `--set`.
    Any,
    /// A table with known keys.
    Table(&'static [Key]),
    /// A table whose keys are names chosen by the author.
    Named(&'static Kind),
    /// A table of model parameters.
    Parameters(&'static [Parameter]),
}

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Name as typed.
    pub name: &'static str,
    /// Type and range.
    pub kind: Kind,
    /// Whether the key must be present.
    pub required: bool,
    /// Default as typed, or empty.
    pub default: &'static str,
    /// Unit, or empty.
    pub unit: &'static str,
    /// Meaning in one sentence.
    pub meaning: &'static str,
}

pub(super) const fn key(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    unit: &'static str,
    meaning: &'static str,
) -> Key {
    Key { name, kind, required: false, default, unit, meaning }
}

pub(super) const fn must(name: &'static str, kind: Kind, unit: &'static str, meaning: &'static str) -> Key {
    Key { name, kind, required: true, default: "", unit, meaning }
}

pub(super) const SHARE: Kind = Kind::Number(0.0, 1.0);
pub(super) const TEXTS: Kind = Kind::Set(&Kind::Text);
const WHO: Kind = Kind::OneOrMany(&Kind::Text);

/// The keys of a `[[fact]]` block.
pub const FACT: &[Key] = &[
    Key {
        name: "id",
        kind: Kind::Text,
        required: true,
        default: "",
        unit: "",
        meaning: "short name, for instance SF16",
    },
    Key {
        name: "claim",
        kind: Kind::Text,
        required: true,
        default: "",
        unit: "",
        meaning: "the fact in one sentence",
    },
    Key {
        name: "page",
        kind: Kind::Text,
        required: false,
        default: "",
        unit: "",
        meaning: "page of the source",
    },
    Key { name: "actors", kind: TEXTS, required: false, default: "[]", unit: "", meaning: "who it is about" },
    Key {
        name: "period",
        kind: Kind::List(&Kind::Date),
        required: false,
        default: "the run",
        unit: "",
        meaning: "first and last date it speaks of",
    },
    Key {
        name: "schools",
        kind: Kind::Named(&Kind::Choice(&["+", "-", "0"])),
        required: false,
        default: "",
        unit: "",
        meaning: "which schools claim it (+), deny it (-) or are silent (0)",
    },
    key("source", Kind::Text, "", "", "where it is recorded, if not in the book whose pages are given"),
    key("coder", Kind::Text, "", "", "who coded which school claims it"),
    Key {
        name: "block",
        kind: Kind::Text,
        required: true,
        default: "",
        unit: "",
        meaning: "group of facts that are not independent of each other",
    },
    Key {
        name: "split",
        kind: Kind::Choice(&["calibration", "holdout"]),
        required: true,
        default: "",
        unit: "",
        meaning: "whether it may be used to fit parameters",
    },
    Key {
        name: "weight",
        kind: Kind::Number(0.0, 10.0),
        required: false,
        default: "1",
        unit: "",
        meaning: "weight inside its block",
    },
    Key {
        name: "measure",
        kind: Kind::Text,
        required: true,
        default: "",
        unit: "",
        meaning: "expression over the metrics of a run",
    },
    Key {
        name: "whatif",
        kind: Kind::Text,
        required: false,
        default: "",
        unit: "",
        meaning: "what-if whose paired run the expression may ask for",
    },
];

/// The whole file.
pub const ROOT: &[Key] = &[
    must("name", Kind::Text, "", "short name, used for the output folder"),
    key("title", Kind::Text, "the name", "", "title for charts and the report"),
    key("description", Kind::Text, "", "", "what the scenario shows, in plain words"),
    key("include", TEXTS, "[]", "", "other files, relative to this one, whose tables are read first"),
    must("run", Kind::Table(RUN), "", "period, replications, seed and populations"),
    key(
        "world",
        Kind::Parameters(crate::model::parameters::World::PARAMETERS),
        "",
        "",
        "parameters every school shares",
    ),
    key("theory", Kind::Table(THEORY), "", "", "parameters of each school"),
    key(
        "population",
        Kind::Named(&Kind::Named(&Kind::Named(&SHARE))),
        "",
        "",
        "named mixed populations: weights over the schools for `default` and for single states",
    ),
    must("state", Kind::Named(&Kind::Table(STATE)), "", "states, by code"),
    key("organisation", Kind::Named(&Kind::Table(ORGANISATION)), "", "", "security organisations, by code"),
    must("issue", Kind::Named(&Kind::Table(ISSUE)), "", "issues: one 2x2 game each"),
    key(
        "initial",
        Kind::List(&Kind::Table(INITIAL)),
        "",
        "",
        "beliefs at the start, by group; later blocks win",
    ),
    key("event", Kind::List(&Kind::Table(EVENT)), "", "", "dated shocks given to every school alike"),
    key("proposal", Kind::List(&Kind::Table(PROPOSAL)), "", "", "dated proposals put to the vote"),
    key("decision", Kind::List(&Kind::Table(DECISION)), "", "", "decisions given from outside"),
    key("record", Kind::List(&Kind::Table(RECORD)), "", "", "the coded historical record, for charts only"),
    key(
        "series",
        Kind::List(&Kind::Table(SERIES)),
        "",
        "",
        "yearly measures of relations from elsewhere, set beside the runs",
    ),
    key("fact", Kind::List(&Kind::Table(FACT)), "", "", "dated facts the schools are scored on"),
    key("whatif", Kind::List(&Kind::Table(WHATIF)), "", "", "one-line counterfactuals"),
    key(
        "proposition",
        Kind::List(&Kind::Table(PROPOSITION)),
        "",
        "",
        "claims that runs of this world are held to: `twain contract`",
    ),
    key("sweep", Kind::Table(SWEEP), "", "", "a designed experiment"),
];

const LINES: Kind = Kind::List(&Kind::Text);
/// Master seeds.
pub const SEEDS: Kind = Kind::Set(&Kind::Integer(0, i64::MAX));
/// Pairs of runs.
pub const REPLICATIONS: Kind = Kind::Integer(2, 100_000);

/// The keys of a `[[proposition]]` block.
pub const PROPOSITION: &[Key] = &[
    must("id", Kind::Text, "", "short name, for instance R01"),
    must(
        "school",
        Kind::Choice(&["realism", "institutionalism", "constructivism", "across", "frame"]),
        "",
        "whose claim it is; `across` for an order among schools, `frame` for what all share",
    ),
    must("claim", Kind::Text, "", "the claim in one sentence"),
    must("source", Kind::Text, "", "who argued it"),
    key("world", Kind::Text, "this scenario", "", "scenario file of the world, relative to this file"),
    key("theory", Kind::Text, "the school", "", "population that decides; needed for `across` and `frame`"),
    key("set", LINES, "[]", "", "operations on every run"),
    key("change", LINES, "[]", "", "operations on the run called `changed`, which `alt` reads"),
    key(
        "runs",
        Kind::Named(&LINES),
        "",
        "",
        "further runs by name, each with its operations, which `in(NAME, ...)` reads",
    ),
    key("measure", Kind::Text, "", "", "expression over the runs"),
    key("closed", Kind::Text, "", "", "closed form of the rules, by name, in place of a measure"),
    must("direction", Kind::Choice(&["at least", "at most"]), "", "whether `least` is a floor or a ceiling"),
    must("least", Kind::Number(-1e6, 1e6), "", "the bound"),
    key("seeds", SEEDS, "the contract's", "", "master seeds"),
    key("replications", REPLICATIONS, "the contract's", "", "pairs of runs for each seed"),
    key("holds", Kind::Boolean, "true", "", "whether the rules are held to keep it"),
    key("why", Kind::Text, "", "", "why it does not hold; needed if so"),
    key("note", Kind::Text, "", "", "remark"),
];

/// `[run]`.
pub const RUN: &[Key] = &[
    must("start", Kind::Date, "", "first step"),
    must("end", Kind::Date, "", "last step, included"),
    key("step", Kind::Choice(&["month", "quarter", "year"]), "quarter", "", "length of a step"),
    key("replications", Kind::Integer(1, 1_000_000), "100", "runs", "runs per population"),
    key("seed", Kind::Integer(0, i64::MAX), "1", "", "master seed of the random streams"),
    key("theories", TEXTS, "the three schools", "", "populations to run, side by side"),
    key("blocs", TEXTS, "[]", "", "the two organisations whose tie is the question"),
    key("watch", TEXTS, "[]", "", "pairs to report, each `A-B` of state or organisation codes"),
];

/// `[theory]`.
pub const THEORY: &[Key] = &[
    key(
        "realism",
        Kind::Parameters(crate::theory::realism::Realism::PARAMETERS),
        "",
        "",
        "parameters of realism",
    ),
    key(
        "institutionalism",
        Kind::Parameters(crate::theory::institutionalism::Institutionalism::PARAMETERS),
        "",
        "",
        "parameters of neoliberal institutionalism",
    ),
    key(
        "constructivism",
        Kind::Parameters(crate::theory::constructivism::Constructivism::PARAMETERS),
        "",
        "",
        "parameters of social constructivism",
    ),
];

/// `[state.CODE]`.
pub const STATE: &[Key] = &[
    must("name", Kind::Text, "", "name in full"),
    must("capital", Kind::Point, "degrees", "latitude and longitude of the capital"),
    must("capability", Kind::Dated(0.0, 1.0), "world share", "composite capability (CINC)"),
    must("gdp", Kind::Dated(0.0, 1e6), "billion US dollars", "gross domestic product"),
    must(
        "burden",
        Kind::Dated(0.0, 50.0),
        "percent of GDP",
        "military spending at the start, and offensive posture",
    ),
    must(
        "regime",
        Kind::Dated(0.0, 1.0),
        "0 autocracy - 1 democracy",
        "electoral democracy (V-Dem polyarchy)",
    ),
    must(
        "alignment",
        Kind::Dated(-5.0, 5.0),
        "ideal point",
        "foreign-policy position (UN General Assembly ideal point)",
    ),
    key("habit", SHARE, "0.5", "0 Soviet - 1 Atlantic", "military and language habit"),
    key("great_power", Kind::Boolean, "false", "", "has world-wide reach and rank"),
    key("borders", TEXTS, "[]", "", "codes of land neighbours"),
    key("from", Kind::Date, "the start", "", "when the state begins to exist, if within the run"),
    key("until", Kind::Date, "the end", "", "when it ends, if within the run"),
    key("theory", Kind::Text, "", "", "school this state follows whatever the population"),
    key("source", Kind::Text, "", "", "where the figures come from"),
];

/// `[organisation.CODE]`.
pub const ORGANISATION: &[Key] = &[
    must("name", Kind::Text, "", "name in full"),
    key("leader", Kind::Text, "", "", "code of the leading state"),
    must(
        "members",
        Kind::Named(&Kind::Spells),
        "",
        "members with the date each enters, or a list of [from, until]",
    ),
    key(
        "decision",
        Kind::Choice(&["consensus", "majority", "weighted", "leader"]),
        "consensus",
        "",
        "how the body decides; consensus uses the silence procedure",
    ),
    key(
        "majority",
        Kind::Number(0.5, 1.0),
        "0.5",
        "share",
        "share of votes (or of capability, if weighted) a majority needs to exceed",
    ),
    key("institution", SHARE, "0.3", "0-1", "institutional stock at the start"),
    key(
        "general_assets",
        SHARE,
        "0.5",
        "share",
        "share of the stock that serves other purposes than the founding one",
    ),
    key("monitoring", SHARE, "0.6", "0-1", "how far full institutionalisation removes misperception"),
    key(
        "sanctions",
        Kind::Number(0.0, 5.0),
        "0.0",
        "payoff units",
        "expected sanction on a detected defection",
    ),
    key(
        "mandate",
        TEXTS,
        "every issue",
        "",
        "issues that the specific assets serve and that practice is measured on",
    ),
    key(
        "outside_command",
        Kind::Named(&Kind::Spells),
        "",
        "",
        "members outside the integrated command, with the dates between which they were",
    ),
    key("ends", Kind::Date, "", "", "when the body is ended from outside, if it is"),
    key("founding_threat", Kind::Text, "", "", "state or organisation code the body was founded against"),
    key("military", SHARE, "1.0", "0-1", "how far the body is a military bloc that mirrors another"),
    key("norm_non_interference", SHARE, "0.0", "0-1", "strength of the norm against acting inside a member"),
    key("norm_democracy", SHARE, "0.0", "0-1", "strength of the norm that members are democracies"),
    key(
        "voluntary_entry",
        Kind::Boolean,
        "false",
        "",
        "whether an eligible state may enter (or re-enter) without a date",
    ),
    key("eligible", TEXTS, "[]", "", "states that may enter voluntarily, besides former members"),
    key(
        "admission",
        Kind::Choice(&["open", "consent"]),
        "open",
        "",
        "whether the members vote on a new member",
    ),
    key("accession", Kind::Number(0.0, 80.0), "4", "quarters", "time from the members' consent to the entry"),
    key(
        "renewals",
        Kind::Set(&Kind::Date),
        "[]",
        "",
        "dates at which every member decides anew whether to stay",
    ),
    key("partnership_opens", Kind::Date, "", "", "when bilateral partnership is first offered"),
    key("partners", TEXTS, "[]", "", "states that may become bilateral partners"),
    key("partners_at_start", TEXTS, "[]", "", "states that are partners when the run starts"),
    key(
        "councils_at_start",
        Kind::Named(&SHARE),
        "",
        "0-1",
        "strength of the councils with single states that exist when the run starts",
    ),
    key(
        "patronage",
        Kind::Number(0.0, 5.0),
        "0.0",
        "payoff units",
        "what the leader can offer a host or client at most",
    ),
    key(
        "proposes_to",
        TEXTS,
        "[]",
        "",
        "organisations or states to which the leader may propose ties on its own",
    ),
    key("proposes_from", Kind::Date, "", "", "first date of such proposals"),
    key("source", Kind::Text, "", "", "where the figures come from"),
];

/// `[issue.CODE]`.
pub const ISSUE: &[Key] = &[
    must("name", Kind::Text, "", "name in full"),
    key(
        "game",
        Kind::Choice(&["prisoners-dilemma", "stag-hunt", "chicken", "harmony", "deadlock"]),
        "",
        "",
        "the named game the payoffs must make",
    ),
    key(
        "payoffs",
        Kind::List(&Kind::Number(-100.0, 100.0)),
        "[5, 3, 1, 0]",
        "payoff units",
        "temptation, reward, punishment, sucker's payoff",
    ),
    key("level", Kind::Dated(0.0, 1.0), "0.5", "0-1", "how pressing the issue is"),
    key(
        "exposure",
        Kind::Choice(&["uniform", "distance", "great-power", "autocracy"]),
        "uniform",
        "",
        "what makes a state's stake: nothing, nearness to the origin, rank, or regime",
    ),
    key("origin", Kind::Point, "", "degrees", "where the threat comes from, if exposure is by distance"),
    key(
        "reach_km",
        Kind::Number(1.0, 20_000.0),
        "2500",
        "km",
        "distance over which exposure falls by a factor e",
    ),
    key("floor", SHARE, "0.1", "0-1", "stake of a state with no exposure"),
    key("stakes", Kind::Named(&SHARE), "", "0-1", "stakes of single states, instead of the rule"),
    key(
        "common_threat",
        SHARE,
        "0.0",
        "0-1",
        "how far the issue makes the ground of an exposed state worth paying for to a patron",
    ),
    key("hard", SHARE, "0.0", "0-1", "how far the issue touches military secrets, where relative gains bite"),
    key("from", Kind::Date, "the start", "", "first step at which the issue is active"),
    key("until", Kind::Date, "the end", "", "last step at which the issue is active"),
    key("source", Kind::Text, "", "", "where the figures come from"),
];

/// `[[initial]]`.
pub const INITIAL: &[Key] = &[
    must("from", WHO, "", "who holds the belief: state or organisation codes, or `all`"),
    must("toward", WHO, "", "about whom"),
    key("both_ways", Kind::Boolean, "true", "", "whether the reverse holds as well"),
    key("trust", SHARE, "", "probability", "belief that the other cooperates"),
    key("image", Kind::Number(-1.0, 1.0), "", "-1 enemy - 1 friend", "image of the other"),
    key("hostility", SHARE, "", "0-1", "remembered hostility"),
    key("source", Kind::Text, "", "", "why"),
];

/// `[[event]]`.
pub const EVENT: &[Key] = &[
    must("date", Kind::Date, "", "when"),
    must("label", Kind::Text, "", "what happened, in a few words"),
    must(
        "kind",
        Kind::Choice(&["act", "threat", "regime-threat", "capability", "thaw", "reform"]),
        "",
        "an act by one side toward another; a rise of an issue; a threat to regimes; a change of capability; a change of leaders that lets memory fade; a reform that moves an organisation's stock",
    ),
    key("from", WHO, "", "", "who acts"),
    key("toward", WHO, "", "", "on whom"),
    key(
        "size",
        Kind::Number(-1.0, 1.0),
        "0.5",
        "-1 hostile - 1 cooperative",
        "weight of the act, the rise or the change",
    ),
    key("on", Kind::Text, "", "", "issue an act is on: those who answer in kind answer there"),
    key(
        "norm",
        Kind::Choice(&["non_interference", "democracy"]),
        "",
        "",
        "norm an act touches: those who hold it take it harder",
    ),
    key("issue", Kind::Text, "", "", "issue whose level rises"),
    key("half_life", Kind::Number(0.1, 100.0), "4", "years", "how long a rise lasts"),
    key("chart", Kind::Boolean, "true", "", "whether charts label it"),
    key("source", Kind::Text, "", "", "where it is recorded"),
];

/// `[[decision]]`.
pub const DECISION: &[Key] = &[
    must("who", Kind::Text, "", "code of the state that decides"),
    must("what", Kind::Choice(&["vote", "membership", "move"]), "", "what it decides"),
    must("when", Kind::Date, "", "the step of the decision"),
    must(
        "choose",
        Kind::Choice(&["agree", "refuse", "stay", "leave", "cooperate", "defect"]),
        "",
        "what it decides: agree or refuse a proposal, stay in (enter) or leave (stay out of) a body, cooperate or defect",
    ),
    key("on", Kind::Text, "", "", "the body (membership) or the issue (move)"),
    key("toward", Kind::Text, "", "", "the other state (move)"),
];

/// `[[proposal]]`.
pub const PROPOSAL: &[Key] = &[
    must("date", Kind::Date, "", "when the proposal is put"),
    must("label", Kind::Text, "", "what is proposed"),
    must("from", Kind::Text, "", "organisation or state that proposes"),
    must("to", Kind::Text, "", "organisation or state addressed"),
    key(
        "kind",
        Kind::Choice(&["framework", "council", "operation", "admission", "contact"]),
        "framework",
        "",
        "a tie between two bodies, a council with one state, a joint action of one body, or a state that asks to enter, or an approach that only the leader addressed answers",
    ),
    key(
        "touches_norm",
        Kind::Boolean,
        "false",
        "",
        "whether it would act inside a member (non-interference)",
    ),
    key("source", Kind::Text, "", "", "where it is recorded"),
];

/// `[[record]]`.
pub const RECORD: &[Key] = &[
    must("metric", Kind::Text, "", "metric the value belongs to"),
    must("date", Kind::Date, "", "when"),
    must("value", Kind::Number(-1e6, 1e6), "the metric's", "coded value"),
    key("source", Kind::Text, "", "", "where it is recorded"),
];

/// `[[series]]`.
pub const SERIES: &[Key] = &[
    must("name", Kind::Text, "", "what is measured, in a few words"),
    must("metric", Kind::Text, "", "metric it is held against"),
    key("turned", Kind::Boolean, "false", "", "whether more of it means worse relations"),
    must("values", Kind::Named(&Kind::Number(-1e9, 1e9)), "the series' own", "values by year, without gaps"),
    must("source", Kind::Text, "", "where it was taken from, and under which terms"),
];

/// `[[whatif]]`.
pub const WHATIF: &[Key] = &[
    must("id", Kind::Text, "", "short name"),
    must("label", Kind::Text, "", "what changes, in a few words"),
    key("set", TEXTS, "[]", "", "changes, each `path = value` as for `--set`"),
    key("drop_events", TEXTS, "[]", "", "labels of events that do not happen"),
    key(
        "decide",
        Kind::List(&Kind::Table(DECISION)),
        "[]",
        "",
        "decisions given from outside, as `[[decision]]`",
    ),
    key(
        "scenario",
        Kind::Text,
        "",
        "",
        "another scenario file, relative to this one, run in place of this one under the same seeds",
    ),
];

/// A file that holds a design alone.
pub const DESIGN: &[Key] = &[must("sweep", Kind::Table(SWEEP), "", "the design")];

/// `[sweep]`, in a scenario or in a file of its own.
pub const SWEEP: &[Key] = &[
    must(
        "design",
        Kind::Choice(&["factorial", "paired", "lhs", "sobol", "morris", "saltelli", "points", "table"]),
        "",
        "which points of the factor space are visited",
    ),
    key("points", Kind::Integer(1, i64::MAX), "64", "points", "points (lhs, sobol) or base rows (saltelli)"),
    key("trajectories", Kind::Integer(1, i64::MAX), "10", "", "trajectories of morris"),
    key("levels", Kind::Integer(2, 1_000_000), "4", "", "levels of the grid of morris, an even number"),
    key(
        "replications",
        Kind::Integer(1, 1_000_000),
        "run.replications",
        "runs",
        "runs of each population at each point",
    ),
    key(
        "facts",
        Kind::Boolean,
        "false",
        "",
        "adds as outcomes the share of the scenario's dated facts that a run shows: all, between the blocs, separating the schools",
    ),
    key(
        "outcomes",
        TEXTS,
        "all",
        "",
        "outcomes to keep: framework, framework_time, proposals, metrics, shares of facts",
    ),
    key("theories", TEXTS, "run.theories", "", "populations to run"),
    key(
        "constraints",
        TEXTS,
        "[]",
        "",
        "conditions between factors, such as `a < b`; points that break one are left out",
    ),
    key("factor", Kind::List(&Kind::Table(FACTOR)), "", "", "what varies"),
    key("rows", Kind::List(&Kind::List(&Kind::Any)), "", "", "points of a table, a value for each factor"),
];

/// `[[sweep.factor]]`.
pub const FACTOR: &[Key] = &[
    must("path", Kind::Text, "", "path of the value that varies, as after `--set`"),
    key("label", Kind::Text, "the path", "", "name for charts"),
    key("low", Kind::Number(-1e12, 1e12), "", "", "lower end of the range"),
    key("high", Kind::Number(-1e12, 1e12), "", "", "upper end of the range"),
    key("scale", Kind::Choice(&["linear", "log", "integer"]), "linear", "", "spacing of the range"),
    key("steps", Kind::Integer(1, i64::MAX), "5", "", "levels in a factorial or paired design"),
    key("values", Kind::List(&Kind::Any), "", "", "the values themselves, instead of a range"),
];

/// A kind in words, for the reference pages.
pub fn kind_words(kind: &Kind) -> String {
    match kind {
        Kind::Number(low, high) => format!("number, {low} to {high}"),
        Kind::Integer(low, high) if *high == i64::MAX => format!("whole number from {low}"),
        Kind::Integer(low, high) => format!("whole number, {low} to {high}"),
        Kind::Text => "text".into(),
        Kind::Boolean => "true or false".into(),
        Kind::Date => "date".into(),
        Kind::Spells => "date, or a list of [from, until]".into(),
        Kind::Dated(low, high) => format!("number or dated numbers, {low} to {high}"),
        Kind::Choice(words) => words.join(", "),
        Kind::List(inner) | Kind::Set(inner) => format!("list of {}", kind_words(inner)),
        Kind::OneOrMany(inner) => format!("{} or a list", kind_words(inner)),
        Kind::Point => "[latitude, longitude]".into(),
        Kind::Table(_) | Kind::Parameters(_) => "table".into(),
        Kind::Named(inner) => format!("table of named values ({})", kind_words(inner)),
        Kind::Any => "any value".into(),
    }
}

/// The JSON Schema of a scenario file, for editors.
pub fn json_schema() -> serde_json::Value {
    let mut root = schema_of(&Kind::Table(ROOT));
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    root["title"] = "Twain scenario".into();
    root
}

fn schema_of(kind: &Kind) -> serde_json::Value {
    use serde_json::json;
    match kind {
        Kind::Number(low, high) => json!({ "type": "number", "minimum": low, "maximum": high }),
        Kind::Integer(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Date => {
            json!({ "type": ["string", "integer"], "description": "1999, 1999Q2, 1999-04 or 1999-04-24" })
        }
        Kind::Spells => {
            let date = json!({ "type": ["string", "integer"] });
            json!({ "anyOf": [date, { "type": "array", "items": { "type": "array", "items": date } }] })
        }
        Kind::Dated(low, high) => {
            let number = json!({ "type": "number", "minimum": low, "maximum": high });
            json!({ "anyOf": [number, { "type": "object", "additionalProperties": number }] })
        }
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::List(inner) => json!({ "type": "array", "items": schema_of(inner) }),
        Kind::Set(inner) => json!({ "type": "array", "items": schema_of(inner), "uniqueItems": true }),
        Kind::OneOrMany(inner) => {
            json!({ "anyOf": [schema_of(inner), { "type": "array", "items": schema_of(inner) }] })
        }
        Kind::Point => {
            json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 })
        }
        Kind::Named(inner) => json!({ "type": "object", "additionalProperties": schema_of(inner) }),
        Kind::Table(keys) => {
            let mut properties = serde_json::Map::new();
            for key in *keys {
                let mut one = schema_of(&key.kind);
                let unit = if key.unit.is_empty() { String::new() } else { format!(" [{}]", key.unit) };
                one["description"] = format!("{}{unit}", key.meaning).into();
                if !key.default.is_empty() {
                    one["description"] = format!("{}{unit}; default: {}", key.meaning, key.default).into();
                }
                properties.insert(key.name.into(), one);
            }
            let required: Vec<&str> = keys.iter().filter(|k| k.required).map(|k| k.name).collect();
            json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
        }
        Kind::Parameters(list) => {
            let mut properties = serde_json::Map::new();
            for p in *list {
                properties.insert(
                    p.name.into(),
                    json!({ "type": "number", "minimum": p.low, "maximum": p.high, "default": p.default,
                        "description": format!("{} [{}] ({})", p.meaning, p.unit, p.source) }),
                );
            }
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
        Kind::Any => json!({}),
    }
}
