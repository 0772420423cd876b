//! Named terms: what a decision is made of.

/// One ingredient of a decision: its name in the field's words, its formula, and who argued it.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct Term {
    /// Name, for instance `relative gains`.
    pub name: &'static str,
    /// The formula as computed.
    pub formula: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// The parameter that scales it, as a scenario path (empty if none).
    pub parameter: &'static str,
}

/// Where a rule writes its terms: a list that can be explained, or only the sum.
pub trait Ledger {
    /// Adds a term of `value` payoff units, weighted by the school that speaks.
    fn add(&mut self, term: &'static Term, value: f64);
    /// The weight of the school that speaks next: 1 for a pure state, less in a mixed one.
    fn speak_for(&mut self, weight: f64);
    /// The sum of all terms: utility of the first option over the second, payoff units.
    fn total(&self) -> f64;
    /// Empties the ledger.
    fn clear(&mut self);
}

/// A ledger that only adds up, for the games, where nobody asks why. Its sum is that of [`Terms`] to the bit.
#[derive(Clone, Copy, Debug)]
pub struct Sum {
    weight: f64,
    total: f64,
}

impl Default for Sum {
    fn default() -> Self {
        Sum { weight: 1.0, total: 0.0 }
    }
}

impl Ledger for Sum {
    #[inline(always)]
    fn add(&mut self, _: &'static Term, value: f64) {
        self.total += value * self.weight;
    }

    #[inline(always)]
    fn speak_for(&mut self, weight: f64) {
        self.weight = weight;
    }

    #[inline(always)]
    fn total(&self) -> f64 {
        self.total
    }

    #[inline(always)]
    fn clear(&mut self) {
        *self = Sum::default();
    }
}

impl Ledger for Terms {
    #[inline]
    fn add(&mut self, term: &'static Term, value: f64) {
        Terms::add(self, term, value);
    }

    #[inline]
    fn speak_for(&mut self, weight: f64) {
        Terms::speak_for(self, weight);
    }

    #[inline]
    fn total(&self) -> f64 {
        Terms::total(self)
    }

    #[inline]
    fn clear(&mut self) {
        Terms::clear(self);
    }
}

/// The terms of one decision, added up as they come. Nothing is allocated.
#[derive(Clone, Debug)]
pub struct Terms {
    items: [(Option<&'static Term>, f64); Terms::CAPACITY],
    count: usize,
    weight: f64,
    total: f64,
}

impl Default for Terms {
    fn default() -> Self {
        Terms { items: [(None, 0.0); Terms::CAPACITY], count: 0, weight: 1.0, total: 0.0 }
    }
}

impl Terms {
    /// Most terms one decision can have: three schools in a mixed state, twelve each.
    pub const CAPACITY: usize = 36;

    /// Adds a term; terms of no weight are left out.
    #[inline]
    pub fn add(&mut self, term: &'static Term, value: f64) {
        let value = value * self.weight;
        self.total += value;
        if value != 0.0 && self.count < Self::CAPACITY {
            self.items[self.count] = (Some(term), value);
            self.count += 1;
        }
    }

    /// The weight of the school that speaks next: 1 for a pure state, less in a mixed one.
    #[inline]
    pub fn speak_for(&mut self, weight: f64) {
        self.weight = weight;
    }

    /// The sum of all terms: utility of the first option over the second.
    #[inline]
    pub fn total(&self) -> f64 {
        self.total
    }

    /// Empties the list.
    #[inline]
    pub fn clear(&mut self) {
        self.count = 0;
        self.weight = 1.0;
        self.total = 0.0;
    }

    /// The terms, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Term, f64)> + '_ {
        self.items[..self.count].iter().filter_map(|(t, v)| t.map(|t| (t, *v)))
    }

    /// The term that pushed hardest in the direction of the total (or against it, if `toward` is false).
    pub fn deciding(&self, positive: bool) -> Option<&'static Term> {
        let mut best: Option<(&'static Term, f64)> = None;
        for (term, value) in self.iter() {
            let pull = if positive { value } else { -value };
            if pull > 0.0 && best.is_none_or(|(_, b)| pull > b) {
                best = Some((term, pull));
            }
        }
        best.map(|(t, _)| t)
    }
}

/// Terms every school shares.
pub mod common {
    use super::Term;

    /// Immediate gain from defecting on a cooperator.
    pub const TEMPTATION: Term = Term {
        name: "temptation",
        formula: "stake (1-w) q (R-T)",
        source: "Axelrod 1984",
        parameter: "world.shadow",
    };
    /// Value of the cooperation that a cooperative move keeps alive.
    pub const SHADOW: Term = Term {
        name: "shadow of the future",
        formula: "stake w q (R-P)",
        source: "Axelrod 1984; Oye 1986",
        parameter: "world.shadow",
    };
    /// Loss if the other defects on us.
    pub const EXPLOITATION: Term = Term {
        name: "fear of exploitation",
        formula: "stake (1-w)(1-q)(S-P)",
        source: "Jervis 1978; Kydd 2005",
        parameter: "world.shadow",
    };
    /// Effort of acting at all on an issue of little interest.
    pub const EFFORT: Term = Term {
        name: "cost of engagement",
        formula: "-effort",
        source: "judgement: joint action takes staff, money and attention",
        parameter: "world.effort",
    };
    /// Silence costs nothing; breaking it does.
    pub const SILENCE: Term = Term {
        name: "cost of breaking silence",
        formula: "+silence",
        source: "silence procedure of consensus bodies",
        parameter: "world.silence",
    };
    /// What joint action on shared issues is worth.
    pub const JOINT_GAINS: Term = Term {
        name: "joint gains",
        formula: "mean over issues of the lesser stake",
        source: "Keohane 1984",
        parameter: "world.joint_gain",
    };
    /// Payment by a patron.
    pub const SIDE_PAYMENT: Term = Term {
        name: "side payment",
        formula: "payment by the patron",
        source: "second-price rule for two patrons (Vickrey 1961)",
        parameter: "organisation.*.patronage",
    };
    /// Leaving or entering is a step; staying is not.
    pub const STATUS_QUO: Term = Term {
        name: "status quo",
        formula: "+inertia for the present standing",
        source: "sunk costs of membership (McCalla 1996)",
        parameter: "world.inertia",
    };
}
