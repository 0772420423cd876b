//! Dated facts as data: what is claimed, by whom, and how it is measured.

use super::expression::{self, Expression};
use crate::model::date::Date;
use crate::scenario::block::Block;
use crate::scenario::document::Value;
use crate::scenario::spec::FACT;
use crate::scenario::{Mistake, Node, Scenario};
use crate::theory::SCHOOLS;

/// A fact, checked.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Short name.
    pub id: String,
    /// The fact in one sentence.
    pub claim: String,
    /// Page of the source.
    pub page: String,
    /// Where the fact is recorded, if not in the book whose pages are given.
    pub source: String,
    /// Who coded which school claims it.
    pub coder: String,
    /// Group of facts that are not independent.
    pub block: String,
    /// Whether it may not be used to fit parameters.
    pub holdout: bool,
    /// Weight inside its block.
    pub weight: f64,
    /// Expression as typed.
    pub measure: String,
    /// Expression as checked.
    pub expression: Expression,
    /// What the schools claim: +, - or 0, in the order of the roster.
    pub claims: [char; 3],
    /// What-if whose paired run is asked for, by position in the scenario.
    pub whatif: Option<usize>,
    /// Last date it speaks of, as typed.
    pub period: String,
}

impl Fact {
    /// Where the fact is recorded: the page of the book, or the source named.
    pub fn place(&self) -> &str {
        if self.page.is_empty() { &self.source } else { &self.page }
    }
}

/// The facts of a scenario, checked.
///
/// ```
/// # fn main() -> Result<(), twain::scenario::Mistake> {
/// let scenario = twain::scenario::load("scenarios/nato-csto.toml".as_ref(), &[])?;
/// let facts = twain::analysis::facts::facts(&scenario)?;
/// assert!(facts.iter().any(|fact| fact.holdout) && facts.iter().any(|fact| !fact.holdout));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The first mistake, with its place: an unknown key, metric, state, what-if, or a date outside the run.
pub fn facts(scenario: &Scenario) -> Result<Vec<Fact>, Mistake> {
    let blocks = scenario.tree.get("fact").map(Node::items).unwrap_or(&[]);
    let whatifs: Vec<String> = scenario
        .tree
        .get("whatif")
        .map(Node::items)
        .unwrap_or(&[])
        .iter()
        .filter_map(|w| w.get("id").and_then(Node::text))
        .collect();
    let mut out: Vec<Fact> = Vec::new();
    for block in blocks {
        let text = |key: &str| block.get(key).and_then(Node::text).unwrap_or_default();
        let id = text("id");
        if out.iter().any(|f| f.id == id) {
            return Err(Mistake::at(&block.origin, format!("the fact {id} stands twice")));
        }
        let whatif = match block.get("whatif") {
            None => None,
            Some(node) => {
                let name = node.text().unwrap_or_default();
                Some(whatifs.iter().position(|w| *w == name).ok_or_else(|| {
                    Mistake::at(&node.origin, format!("unknown what-if `{name}`"))
                        .suggest(&name, whatifs.iter().map(String::as_str))
                })?)
            }
        };
        let measure = text("measure");
        let place = block.get("measure").unwrap_or(block);
        let expression =
            expression::parse_truth(&measure, &scenario.world, whatif.is_some()).map_err(|fault| {
                let part = place.origin.within(&measure, fault.span);
                let mistake = Mistake::at(&part, format!("in the fact {id}: {}", fault.message));
                match fault.help {
                    Some(help) => mistake.help(help),
                    None => mistake,
                }
            })?;
        let mut claims = ['0'; 3];
        for (school, entry) in block.get("schools").into_iter().flat_map(|s| s.entries()) {
            let Some(place) = SCHOOLS.iter().position(|s| *s == school) else {
                return Err(
                    Mistake::at(&entry.key, format!("unknown school `{school}`")).suggest(school, SCHOOLS)
                );
            };
            claims[place] = entry.node.text().and_then(|t| t.chars().next()).unwrap_or('0');
        }
        if let [from, to, ..] = block.get("period").map(Node::items).unwrap_or(&[])
            && let (Some(a), Some(b)) = (date(from), date(to))
            && a > b
        {
            return Err(Mistake::at(
                &to.origin,
                format!("the period of the fact {id} ends before it begins"),
            ));
        }
        let period: Vec<String> =
            block.get("period").map(Node::items).unwrap_or(&[]).iter().filter_map(Node::text).collect();
        out.push(Fact {
            id,
            claim: text("claim"),
            page: text("page"),
            source: text("source"),
            coder: text("coder"),
            block: text("block"),
            holdout: text("split") == "holdout",
            weight: Block::new(block, FACT).number("weight"),
            measure,
            expression,
            claims,
            whatif,
            period: period.join(" to "),
        });
    }
    Ok(out)
}

/// A date as typed: a text, or a bare year.
fn date(node: &Node) -> Option<Date> {
    match &node.value {
        Value::Integer(year) => i32::try_from(*year).ok().map(|y| Date::new(y, 1)),
        _ => node.text().and_then(|t| Date::parse(&t)),
    }
}
