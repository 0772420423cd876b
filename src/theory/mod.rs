//! The schools. One room each: citation and formulas, parameters, decisions, tests.
//!
//! A school is a type that implements [`School`]. To add one, write its file and add one line to [`Roster`].
//! Rules see small *situations*, never the arrays of the world, and answer in named [`Term`]s, so that every
//! decision can be explained afterwards.

pub mod constructivism;
pub mod institutionalism;
pub mod realism;
mod situation;
mod terms;

pub use situation::{Ballot, Burden, Encounter, Learning, Standing, reciprocity};
pub use terms::{Ledger, Sum, Term, Terms, common};

/// One free parameter of the model: its meaning, range, default and the value that switches it off.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Parameter {
    /// Name in scenario files.
    pub name: &'static str,
    /// Shipped default.
    pub default: f64,
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// The value at which the mechanism does nothing (used by ablations and by test T23).
    pub neutral: f64,
    /// Unit.
    pub unit: &'static str,
    /// Source of the rule or of the default.
    pub source: &'static str,
    /// Meaning in one sentence.
    pub meaning: &'static str,
}

/// Declares a struct of parameters together with the registry that scenario files, `twain list`, the reference
/// pages and calibration read.
macro_rules! parameters {
    ($(#[$meta:meta])* $name:ident { $($field:ident = $default:expr, $low:expr, $high:expr, off $neutral:expr, $unit:expr, $source:expr, $meaning:expr;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name { $(#[doc = $meaning] pub $field: f64,)* }
        impl $name {
            /// Every parameter with its range, unit and source.
            pub const PARAMETERS: &'static [$crate::theory::Parameter] = &[$($crate::theory::Parameter {
                name: stringify!($field), default: $default, low: $low, high: $high, neutral: $neutral,
                unit: $unit, source: $source, meaning: $meaning,
            },)*];
            /// The parameter called `name`.
            pub fn get(&self, name: &str) -> Option<f64> {
                match name { $(stringify!($field) => Some(self.$field),)* _ => None }
            }
            /// Sets the parameter called `name`; false if there is none.
            pub fn set(&mut self, name: &str, value: f64) -> bool {
                match name { $(stringify!($field) => { self.$field = value; true })* _ => false }
            }
            /// Every mechanism switched off.
            pub fn neutral() -> Self { $name { $($field: $neutral,)* } }
        }
        impl Default for $name {
            fn default() -> Self { $name { $($field: $default,)* } }
        }
    };
}
pub(crate) use parameters;

/// The decisions a school must make. Each adds named terms; the sum is the utility of the first option (to
/// cooperate, to agree, to be in) over the second.
pub trait School {
    /// Cooperate or defect on one issue with one state. Returns the internalisation of the role's norm: the
    /// probability with which the role, not utility, decides (0 for a school without roles).
    fn cooperate<L: Ledger>(&self, situation: &Encounter, terms: &mut L) -> f64
    where
        Self: Sized;
    /// What security is worth: weight b, private share delta, and pull of an agreed guideline in [0, 1].
    fn burden(&self, situation: &Burden) -> (f64, f64, f64);
    /// Agree to a proposal or break silence.
    fn vote(&self, situation: &Ballot, terms: &mut Terms);
    /// Be in an organisation (or its partner) or out of it.
    fn membership(&self, situation: &Standing, terms: &mut Terms);
    /// How observations change beliefs.
    fn learning(&self) -> Learning;
}

/// The names of the schools, in the order of weights.
pub const SCHOOLS: [&str; 3] = ["realism", "institutionalism", "constructivism"];

/// The schools with their parameters: one line each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Roster {
    /// Realism.
    pub realism: realism::Realism,
    /// Neoliberal institutionalism.
    pub institutionalism: institutionalism::Institutionalism,
    /// Social constructivism.
    pub constructivism: constructivism::Constructivism,
}

impl Roster {
    /// The registry of parameters of school `index`.
    pub fn parameters(index: usize) -> &'static [Parameter] {
        match index {
            0 => realism::Realism::PARAMETERS,
            1 => institutionalism::Institutionalism::PARAMETERS,
            _ => constructivism::Constructivism::PARAMETERS,
        }
    }

    /// The value of a parameter of school `index`.
    pub fn get(&self, index: usize, name: &str) -> Option<f64> {
        match index {
            0 => self.realism.get(name),
            1 => self.institutionalism.get(name),
            _ => self.constructivism.get(name),
        }
    }

    /// Sets a parameter of school `index`; false if there is none of that name.
    pub fn set(&mut self, index: usize, name: &str, value: f64) -> bool {
        match index {
            0 => self.realism.set(name, value),
            1 => self.institutionalism.set(name, value),
            _ => self.constructivism.set(name, value),
        }
    }

    /// Runs `rule` for each school that has weight in a state, and leaves the terms weighted.
    #[inline]
    fn each(&self, weights: &[f64; 3], terms: &mut Terms, mut rule: impl FnMut(&dyn School, &mut Terms)) {
        terms.clear();
        let schools: [&dyn School; 3] = [&self.realism, &self.institutionalism, &self.constructivism];
        for (school, &weight) in schools.into_iter().zip(weights) {
            if weight > 0.0 {
                terms.speak_for(weight);
                rule(school, terms);
            }
        }
        terms.speak_for(1.0);
    }

    /// Cooperation by a state of mixed convictions; returns the weight of appropriateness.
    #[inline(always)]
    pub fn cooperate<L: Ledger>(&self, weights: &[f64; 3], s: &Encounter, terms: &mut L) -> f64 {
        let [realist, institutionalist, constructivist] = *weights;
        let mut role = 0.0;
        terms.clear();
        if realist > 0.0 {
            terms.speak_for(realist);
            role += realist * self.realism.cooperate(s, terms);
        }
        if institutionalist > 0.0 {
            terms.speak_for(institutionalist);
            role += institutionalist * self.institutionalism.cooperate(s, terms);
        }
        if constructivist > 0.0 {
            terms.speak_for(constructivist);
            role += constructivist * self.constructivism.cooperate(s, terms);
        }
        terms.speak_for(1.0);
        role
    }

    /// Vote by a state of mixed convictions.
    pub fn vote(&self, weights: &[f64; 3], s: &Ballot, terms: &mut Terms) {
        self.each(weights, terms, |school, terms| school.vote(s, terms));
    }

    /// Membership of a state of mixed convictions.
    pub fn membership(&self, weights: &[f64; 3], s: &Standing, terms: &mut Terms) {
        self.each(weights, terms, |school, terms| school.membership(s, terms));
    }

    /// Worth of security to a state of mixed convictions: weight b, private share delta, pull of the guideline.
    pub fn burden(&self, weights: &[f64; 3], s: &Burden) -> (f64, f64, f64) {
        let schools: [&dyn School; 3] = [&self.realism, &self.institutionalism, &self.constructivism];
        let mut out = (0.0, 0.0, 0.0);
        for (school, &w) in schools.into_iter().zip(weights) {
            let (b, delta, pull) = school.burden(s);
            out = (out.0 + w * b, out.1 + w * delta, out.2 + w * pull);
        }
        out
    }

    /// Learning of a state of mixed convictions.
    pub fn learning(&self, weights: &[f64; 3]) -> Learning {
        let schools: [&dyn School; 3] = [&self.realism, &self.institutionalism, &self.constructivism];
        let mut out = Learning { betrayal: 0.0, ceiling: 0.0, rate: 0.0, reflected: 0.0, bias: 0.0 };
        for (school, &w) in schools.into_iter().zip(weights) {
            let l = school.learning();
            out.betrayal += w * l.betrayal;
            out.ceiling += w * l.ceiling;
            out.rate += w * l.rate;
            out.reflected += w * l.reflected;
            out.bias += w * l.bias;
        }
        out
    }
}
