//! Named terms: what a decision is made of.

/// One ingredient of a decision: its name in the field's words, its formula, and who argued it.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct Term {
    /// Name when it pulls toward the first option, for instance `we-feeling`.
    pub name: &'static str,
    /// Name when it pushes away from it, for instance `lack of we-feeling`.
    pub against: &'static str,
    /// The formula as computed.
    pub formula: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// The parameter that scales it, as a scenario path (empty if none).
    pub parameter: &'static str,
}

impl Term {
    /// The name for the direction in which the term pushed.
    pub fn word(&self, toward: bool) -> &'static str {
        if toward { self.name } else { self.against }
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
    /// Most terms one decision can have.
    pub const CAPACITY: usize = 48;

    /// Adds a term; terms of no weight are left out, and schools that share a term share its line.
    pub fn add(&mut self, term: &'static Term, value: f64) {
        let value = value * self.weight;
        self.total += value;
        if value == 0.0 {
            return;
        }
        let known = self.items[..self.count].iter_mut().find(|(t, _)| t.is_some_and(|t| t == term));
        if let Some((_, sum)) = known {
            *sum += value;
        } else if self.count < Self::CAPACITY {
            self.items[self.count] = (Some(term), value);
            self.count += 1;
        }
    }

    /// The weight of the school that speaks next: 1 for a pure state, less in a mixed one.
    pub fn speak_for(&mut self, weight: f64) {
        self.weight = weight;
    }

    /// The sum of all terms: utility of the first option over the second.
    pub fn total(&self) -> f64 {
        self.total
    }

    /// Empties the list.
    pub fn clear(&mut self) {
        self.count = 0;
        self.weight = 1.0;
        self.total = 0.0;
    }

    /// The terms, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Term, f64)> + '_ {
        self.items[..self.count].iter().filter_map(|(t, v)| t.map(|t| (t, *v)))
    }

    /// The term that pushed hardest toward the first option, or away from it.
    pub fn deciding(&self, toward: bool) -> Option<&'static Term> {
        let mut best: Option<(&'static Term, f64)> = None;
        for (term, value) in self.iter() {
            let pull = if toward { value } else { -value };
            if pull > 0.0 && best.is_none_or(|(_, b)| pull > b) {
                best = Some((term, pull));
            }
        }
        best.map(|(t, _)| t)
    }
}

/// Terms every school shares. Those of moves are in spreads of the game, those of votes and standing in vote units (the
/// payoff of one round at the reference shadow).
pub mod common {
    use super::Term;

    /// Immediate gain from defecting on a cooperator.
    pub const TEMPTATION: Term = Term {
        name: "gain from mutual cooperation over temptation",
        against: "temptation",
        formula: "q (R-T)/spread",
        source: "Axelrod 1984",
        parameter: "",
    };
    /// Value of the cooperation that a cooperative move keeps alive, if it were seen clearly.
    pub const SHADOW: Term = Term {
        name: "shadow of the future",
        against: "a future not worth having",
        formula: "q w/(1-w) (R-P)/spread",
        source: "Axelrod 1984; Axelrod & Keohane 1985",
        parameter: "world.shadow",
    };
    /// What misreading and slips take from it.
    pub const FOG: Term = Term {
        name: "fog that hides defection",
        against: "fog: being taken for a defector",
        formula: "q (H(e) - H(0))/spread",
        source: "Jervis 1976; Selten 1975",
        parameter: "world.misperception",
    };
    /// Being exploited when the other does not cooperate.
    pub const EXPLOITATION: Term = Term {
        name: "no loss even if exploited",
        against: "fear of being exploited",
        formula: "(1-q)(S-P)/spread",
        source: "Jervis 1978",
        parameter: "",
    };
    /// Cost of an encounter, spread over all issues on the table.
    pub const FRICTION: Term = Term {
        name: "no friction",
        against: "friction of dealing at all",
        formula: "-friction/sum of stakes",
        source: "Keohane 1984: transaction costs",
        parameter: "world.friction",
    };
    /// Worth of the venue over what exists.
    pub const WORTH: Term = Term {
        name: "worth over what exists",
        against: "no worth over what exists",
        formula: "1.5 { sum s q (H_new - H_old)+/spread + friction economy (scope_new - scope_old)+ }/sum s",
        source: "Keohane 1984: demand for regimes",
        parameter: "world.information",
    };
    /// Cost of setting a table up.
    pub const FEE: Term = Term {
        name: "free to set up",
        against: "not worth its cost",
        formula: "-setup (half for a council, an operation, a new member)",
        source: "Keohane 1984: 100-103",
        parameter: "world.setup",
    };
    /// Breaking silence is a step; keeping it is not.
    pub const SILENCE: Term = Term {
        name: "keeping silence is easier",
        against: "keeping silence is harder",
        formula: "+silence",
        source: "silence procedure",
        parameter: "world.silence",
    };
    /// Payment by a patron.
    pub const SIDE_PAYMENT: Term = Term {
        name: "side payment",
        against: "no side payment",
        formula: "payment by the patron",
        source: "second-price rule for two patrons (Vickrey 1961)",
        parameter: "",
    };
    /// Leaving or entering is a step; staying is not.
    pub const STATUS_QUO: Term = Term {
        name: "habit of the present standing",
        against: "entering is a step",
        formula: "+inertia for the present standing",
        source: "sunk costs of membership (McCalla 1996)",
        parameter: "world.inertia",
    };
}
