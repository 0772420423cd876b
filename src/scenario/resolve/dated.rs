//! What is dated: events, proposals, decisions given from outside.

use super::super::block::Block;
use super::super::document::{Mistake, Node};
use super::Inside;
use crate::model::world::{Event, Given, GivenKind, Norm, Party, Proposal, ProposalKind, Shock};

impl Inside<'_> {
    /// The dated shocks, in their order.
    pub(super) fn events(&self) -> Result<Vec<Event>, Mistake> {
        let mut events = self.root.blocks("event").map(|b| self.event(&b)).collect::<Result<Vec<_>, _>>()?;
        events.sort_by(|a, b| a.time.total_cmp(&b.time));
        Ok(events)
    }

    fn event(&self, block: &Block<'_>) -> Result<Event, Mistake> {
        let (step, time) = self.step(block, "date")?;
        let kind = block.text("kind");
        let shock = self.shock(block, &kind)?;
        let need = |key: &str| match block.get(key) {
            Some(who) => self.group(who, Some(step)),
            None => Err(lacks(block, &kind, key)),
        };
        let actors = match shock {
            Shock::Act | Shock::Thaw => need("from")?,
            _ => block.get("from").map_or(Ok(Vec::new()), |who| self.group(who, Some(step)))?,
        };
        let targets = match shock {
            Shock::Threat { .. } | Shock::Reform { .. } => Vec::new(),
            _ => need("toward")?,
        };
        let parties = |key: &str| -> Result<Vec<Party>, Mistake> {
            let named = block.list(key).iter().filter(|p| p.text().as_deref() != Some("all"));
            named.map(|p| self.names.party(p)).collect()
        };
        for key in ["on", "norm"] {
            if let Some(place) = block.get(key).filter(|_| kind != "act") {
                let message = format!("only an act has the key `{key}`, not a {kind}");
                return Err(Mistake::at(&place.origin, message));
            }
        }
        let norms = [
            ("", None),
            ("non_interference", Some(Norm::NonInterference)),
            ("democracy", Some(Norm::Democracy)),
        ];
        Ok(Event {
            from: parties("from")?,
            toward: if kind == "reform" { Vec::new() } else { parties("toward")? },
            on: block.get("on").map(|node| self.issue(node)).transpose()?,
            norm: block.choose("norm", &norms)?,
            step,
            time,
            label: block.text("label"),
            shock,
            actors,
            targets,
            size: block.number("size"),
            chart: block.flag("chart"),
            source: block.text("source"),
        })
    }

    fn shock(&self, block: &Block<'_>, kind: &str) -> Result<Shock, Mistake> {
        let half_life = block.number("half_life") * self.calendar.per_year();
        let need = |key: &str| block.get(key).ok_or_else(|| lacks(block, kind, key));
        Ok(match kind {
            "act" => Shock::Act,
            "thaw" => Shock::Thaw,
            "capability" => Shock::Capability,
            "reform" => {
                let whom = need("toward")?;
                match self.names.party(whom)? {
                    Party::Organisation(organisation) => Shock::Reform { organisation },
                    Party::State(_) => {
                        return Err(Mistake::at(&whom.origin, "only an organisation can be reformed"));
                    }
                }
            }
            "regime-threat" => Shock::RegimeThreat { half_life },
            "threat" => Shock::Threat { issue: self.issue(need("issue")?)?, half_life },
            other => {
                let message = format!("`{other}` is not a word that `kind` takes");
                return Err(Mistake::at(&block.place("kind").origin, message));
            }
        })
    }

    /// The dated proposals.
    pub(super) fn proposals(&self, nothing: &Node) -> Result<Vec<Proposal>, Mistake> {
        let one = |block: Block<'_>| {
            let (step, _) = self.step(&block, "date")?;
            let from = self.names.party(block.get("from").unwrap_or(nothing))?;
            let to = self.names.party(block.get("to").unwrap_or(nothing))?;
            let kinds = [
                ("framework", ProposalKind::Framework),
                ("council", ProposalKind::Council),
                ("operation", ProposalKind::Operation),
                ("admission", ProposalKind::Admission),
                ("contact", ProposalKind::Contact),
            ];
            let kind = block.choose("kind", &kinds)?;
            if !fits(kind, from, to) {
                return Err(Mistake::at(&block.node.origin, format!("a {} cannot run between these two", kind.name()))
                    .help("a framework ties two organisations, a council an organisation and a state, an operation is one organisation's, a state asks an organisation for admission, a contact is anybody's approach to anybody else"));
            }
            let (label, touches_norm) = (block.text("label"), block.flag("touches_norm"));
            Ok(Proposal { step, label, from, to, kind, touches_norm })
        };
        self.root.blocks("proposal").map(one).collect()
    }

    /// Holds frameworks to the pair of blocs: dated ones, and those that leaders may propose.
    pub(super) fn check_ties(
        &self,
        proposals: &[Proposal],
        blocs: Option<[usize; 2]>,
    ) -> Result<(), Mistake> {
        let tied = |a: Party, b: Party, place: &Node| match (a, b) {
            (Party::Organisation(x), Party::Organisation(y))
                if blocs != Some([x, y]) && blocs != Some([y, x]) =>
            {
                let message = "a framework can only be proposed between the two `blocs` of [run]";
                Err(Mistake::at(&place.origin, message))
            }
            _ => Ok(()),
        };
        for (p, block) in proposals.iter().zip(self.root.blocks("proposal")) {
            if p.kind == ProposalKind::Framework {
                tied(p.from, p.to, block.node)?;
            }
        }
        let bodies = self.root.get("organisation").into_iter().flat_map(Node::entries);
        for (o, (_, entry)) in bodies.enumerate() {
            let places = entry.node.get("proposes_to").map(Node::items).unwrap_or(&[]);
            for (&to, node) in self.organisations[o].proposes_to.iter().zip(places) {
                tied(Party::Organisation(o), to, node)?;
            }
        }
        Ok(())
    }

    /// The decisions given from outside.
    pub(super) fn decisions(&self) -> Result<Vec<Given>, Mistake> {
        self.root.blocks("decision").map(|b| self.decision(&b)).collect()
    }

    fn decision(&self, block: &Block<'_>) -> Result<Given, Mistake> {
        let need = |key: &str| {
            block.get(key).ok_or_else(|| {
                let what = block.text("what");
                Mistake::at(&block.node.origin, format!("a decision on a {what} needs the key `{key}`"))
            })
        };
        let choose = need("choose")?;
        let word = choose.text().unwrap_or_default();
        let (what, words): (GivenKind, [&str; 2]) = match block.text("what").as_str() {
            "membership" => match self.names.party(need("on")?)? {
                Party::Organisation(o) => (GivenKind::Membership(o), ["stay", "leave"]),
                Party::State(_) => {
                    return Err(Mistake::at(&need("on")?.origin, "membership is of an organisation"));
                }
            },
            "move" => {
                let toward = self.names.state(need("toward")?)?;
                (GivenKind::Move(toward, self.issue(need("on")?)?), ["cooperate", "defect"])
            }
            _ => (GivenKind::Vote, ["agree", "refuse"]),
        };
        let Some(place) = words.iter().position(|w| *w == word) else {
            return Err(Mistake::at(&choose.origin, format!("`{word}` does not answer this decision"))
                .suggest(&word, words));
        };
        let (step, _) = self.step(block, "when")?;
        Ok(Given { state: self.names.state(need("who")?)?, what, step, yes: place == 0 })
    }
}

/// An event that lacks what its kind needs.
fn lacks(block: &Block<'_>, kind: &str, key: &str) -> Mistake {
    Mistake::at(&block.node.origin, format!("an event of kind `{kind}` needs the key `{key}`"))
}

/// Whether a proposal of this kind can run between the two.
fn fits(kind: ProposalKind, from: Party, to: Party) -> bool {
    match kind {
        ProposalKind::Framework => {
            matches!((from, to), (Party::Organisation(a), Party::Organisation(b)) if a != b)
        }
        ProposalKind::Council => matches!(
            (from, to),
            (Party::Organisation(_), Party::State(_)) | (Party::State(_), Party::Organisation(_))
        ),
        ProposalKind::Operation => matches!(from, Party::Organisation(_)),
        ProposalKind::Contact => from != to,
        ProposalKind::Admission => matches!((from, to), (Party::State(_), Party::Organisation(_))),
    }
}
