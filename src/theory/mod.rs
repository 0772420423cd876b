//! The schools: one frame, three readings. One file each, with everything of that school: citation and formulas,
//! parameters, utility, role, learning, votes, membership, burden, ablations, colour.
//!
//! A school is a type that implements [`School`]. To add one, write its file and add one line to the roster below.
//! Rules see small *situations*, never the arrays of the world, and answer in named [`Term`]s, so that every decision
//! can be explained afterwards. What all schools share is in [`frame`].

pub mod frame;
mod situation;
mod terms;

use crate::math::{LANES, Lane};
use frame::{Frame, Game, Meeting};
pub use situation::{Act, Ballot, Burden, Kinship, Lesson, Side, Standing};
pub use terms::{Term, Terms, common};

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

/// A school with one of its mechanisms taken away.
#[derive(Clone, Copy, Debug)]
pub struct Ablation<S> {
    /// Label of the population.
    pub label: &'static str,
    /// What it is, in words.
    pub words: &'static str,
    /// What is changed in the school's parameters.
    pub change: fn(&mut S),
    /// Whether organisations work.
    pub institutions: bool,
}

/// What a school must say. Methods with a body are optional: the default is the neutral egoist, who has no reading of his
/// own. The first option is to cooperate, to agree, to be in.
pub trait School: Sized + 'static {
    /// Name in scenario files and tables.
    const NAME: &'static str;
    /// Colour in charts (Okabe & Ito 2008: safe for the colour-blind).
    const COLOUR: &'static str;
    /// What it holds, in one sentence.
    const CREED: &'static str;
    /// Its ablations.
    const ABLATIONS: &'static [Ablation<Self>];
    /// Whether identities of its states change with those of others.
    const LEARNS_IDENTITIES: bool = false;
    /// Whether its utility reads what venues lend.
    const READS_VENUES: bool = false;

    /// Adds `weight` times the utility of cooperating over defecting, in spreads, for sixteen pairs and every active issue
    /// to `out`. `spare` has room for two lanes an issue.
    fn play(
        &self,
        f: &Frame,
        games: &[Game],
        m: &Meeting,
        weight: &Lane,
        out: &mut [Lane],
        spare: &mut [Lane],
    );
    /// The same for one lane and issue, as named terms whose sum is that utility.
    fn explain(&self, f: &Frame, games: &[Game], m: &Meeting, lane: usize, issue: usize, terms: &mut Terms);
    /// Chance that the role, not utility, decides; it asks for cooperation if the image is positive.
    #[inline(always)]
    fn role(&self, _image: f64) -> f64 {
        0.0
    }
    /// Weight on the other's gain, for fear of everybody, the external share of the other, and the image of it.
    #[inline(always)]
    fn weight_on_other(&self, _fear: f64, _external: f64, _image: f64) -> f64 {
        0.0
    }
    /// How far promises of alliances are believed; `None` if the school does not look at power.
    fn promise(&self) -> Option<f64> {
        None
    }
    /// How far its states rely on what institutions offer, 0-1.
    fn reliance(&self) -> f64 {
        0.0
    }
    /// If acts are answered on their own issue: how far linked issues answer too.
    fn in_kind(&self) -> Option<f64> {
        None
    }
    /// What an act does to the image of its author, log-odds.
    fn image_of_act(&self, _act: &Act) -> f64 {
        0.0
    }
    /// Size of the act that a granted request is to the asker (a refused one its opposite).
    fn answer_to_request(&self) -> f64 {
        0.0
    }
    /// How images and knowledge follow a step.
    #[inline(always)]
    fn learn(&self, _lesson: &mut Lesson<'_>) {}
    /// Contact of two linked states, 0-1, by the institutional strength between them.
    #[inline(always)]
    fn contact(&self, _joint: f64) -> f64 {
        0.0
    }
    /// Share of the way to the other's identity gone in a step, at full contact with one other.
    #[inline(always)]
    fn draws_near(&self, _pair: &Kinship) -> f64 {
        0.0
    }
    /// Factor on the worth of security, and pull of an agreed guideline in [0, 1].
    fn burden(&self, situation: &Burden) -> (f64, f64);
    /// Agree to a proposal or break silence; `leader` is the ballot of my side's leader, `fee` what setting up costs.
    fn vote(&self, own: &Ballot, leader: Option<&Ballot>, fee: f64, terms: &mut Terms);
    /// Chance that principle lets me agree at all: what is refused on principle has no price.
    fn principle(&self, _own: &Ballot) -> f64 {
        1.0
    }
    /// Be in an organisation (or its partner) or out of it.
    fn membership(&self, situation: &Standing, terms: &mut Terms);
}

/// Makes the roster from one line a school: `module: Type`.
macro_rules! schools {
    ($($module:ident: $school:ident,)*) => {
        $(pub mod $module;)*

        /// The names of the schools, in the order of weights.
        pub const SCHOOLS: [&str; COUNT] = [$(<$module::$school as School>::NAME,)*];
        /// How many schools there are.
        pub const COUNT: usize = [$(stringify!($module),)*].len();

        /// The schools with their parameters.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct Roster {
            $(#[doc = concat!("Parameters of ", stringify!($module), ".")] pub $module: $module::$school,)*
        }

        /// Runs an expression for each school of a roster, with its index.
        macro_rules! each {
            ($roster:expr, |$own:ident, $index:ident| $body:expr) => {{
                let mut next = 0;
                $({ let ($own, $index) = (&$roster.$module, next); next += 1; $body; })*
                let _ = next;
            }};
        }

        impl Roster {
            /// Every school's terms switched off: the neutral egoist.
            pub fn neutral() -> Self {
                Roster { $($module: $module::$school::neutral(),)* }
            }
            /// The registry of parameters of school `index`.
            pub fn parameters(index: usize) -> &'static [Parameter] {
                [$($module::$school::PARAMETERS,)*][index]
            }
            /// The value of a parameter of school `index`.
            pub fn get(&self, index: usize, name: &str) -> Option<f64> {
                [$(self.$module.get(name),)*][index]
            }
            /// Sets a parameter of school `index`; false if there is none of that name.
            pub fn set(&mut self, index: usize, name: &str, value: f64) -> bool {
                let mut at = 0;
                $(if at == index { return self.$module.set(name, value); } at += 1;)*
                let _ = at;
                false
            }
            /// Colour of school `index`.
            pub fn colour(index: usize) -> &'static str {
                [$(<$module::$school as School>::COLOUR,)*][index]
            }
            /// What school `index` holds, in a sentence.
            pub fn creed(index: usize) -> &'static str {
                [$(<$module::$school as School>::CREED,)*][index]
            }
            /// Label, words and school of every ablation.
            pub fn ablations() -> Vec<(&'static str, &'static str, usize)> {
                let mut out = Vec::new();
                let mut index = 0;
                $(out.extend($module::$school::ABLATIONS.iter().map(|a| (a.label, a.words, index))); index += 1;)*
                let _ = index;
                out
            }
            /// Takes away what the ablation of this label takes away; whether organisations still work, or `None` if there
            /// is no such ablation.
            pub fn ablate(&mut self, label: &str) -> Option<bool> {
                $(if let Some(a) = $module::$school::ABLATIONS.iter().find(|a| a.label == label) {
                    (a.change)(&mut self.$module);
                    return Some(a.institutions);
                })*
                None
            }
            /// Which schools read what venues lend.
            pub const READS_VENUES: [bool; COUNT] = [$(<$module::$school as School>::READS_VENUES,)*];
            /// Which schools learn identities.
            pub const LEARNS_IDENTITIES: [bool; COUNT] = [$(<$module::$school as School>::LEARNS_IDENTITIES,)*];

            /// How images and knowledge follow a step, by every school's rule.
            #[inline(always)]
            pub fn learn(&self, lesson: &mut Lesson<'_>) {
                each!(self, |school, _index| school.learn(lesson));
            }
            /// Utility of cooperating, in spreads, for sixteen pairs; `weights` are by school.
            #[inline(always)]
            #[expect(clippy::too_many_arguments, reason = "what is read and what is written, apart, for the vectoriser")]
            pub fn play(
                &self,
                f: &Frame,
                games: &[Game],
                m: &Meeting,
                present: &[bool; COUNT],
                weights: &[Lane; COUNT],
                out: &mut [Lane],
                spare: &mut [Lane],
            ) {
                each!(self, |school, index| if present[index] {
                    school.play(f, games, m, &weights[index], out, spare);
                });
            }
            /// The same for one lane and issue, in named terms.
            #[expect(clippy::too_many_arguments, reason = "the scalar twin of `play`")]
            pub fn explain(
                &self,
                f: &Frame,
                games: &[Game],
                m: &Meeting,
                weights: &Weights,
                lane: usize,
                issue: usize,
                terms: &mut Terms,
            ) {
                each!(self, |school, index| if weights[index] > 0.0 {
                    terms.speak_for(weights[index]);
                    school.explain(f, games, m, lane, issue, terms);
                });
                terms.speak_for(1.0);
            }
            /// Chance that a role decides.
            #[inline(always)]
            pub fn role(&self, weights: &Weights, image: f64) -> f64 {
                let mut sum = 0.0;
                each!(self, |school, index| sum += weights[index] * school.role(image));
                sum
            }
            /// The same for sixteen pairs.
            #[inline(always)]
            pub fn roles(&self, weights: &[Lane; COUNT], image: &Lane, out: &mut Lane) {
                *out = [0.0; LANES];
                each!(self, |school, index| for l in 0..LANES {
                    out[l] += weights[index][l] * school.role(image[l]);
                });
            }
            /// Weight put on the other's gain.
            #[inline(always)]
            pub fn weight_on_other(&self, weights: &Weights, fear: f64, external: f64, image: f64) -> f64 {
                let mut sum = 0.0;
                each!(self, |school, index| sum += weights[index] * school.weight_on_other(fear, external, image));
                sum
            }
            /// Vote by a state of mixed convictions.
            pub fn vote(&self, weights: &Weights, own: &Ballot, leader: Option<&Ballot>, fee: f64, terms: &mut Terms) {
                each!(self, |school, index| if weights[index] > 0.0 {
                    terms.speak_for(weights[index]);
                    school.vote(own, leader, fee, terms);
                });
                terms.speak_for(1.0);
            }
            /// Chance that principle lets a state of mixed convictions agree.
            pub fn principle(&self, weights: &Weights, own: &Ballot) -> f64 {
                let mut allowed = 1.0;
                each!(self, |school, index| allowed *= 1.0 - weights[index] * (1.0 - school.principle(own)));
                allowed
            }
            /// Membership of a state of mixed convictions.
            pub fn membership(&self, weights: &Weights, s: &Standing, terms: &mut Terms) {
                each!(self, |school, index| if weights[index] > 0.0 {
                    terms.speak_for(weights[index]);
                    school.membership(s, terms);
                });
                terms.speak_for(1.0);
            }
            /// Factor on the worth of security and pull of the guideline.
            pub fn burden(&self, weights: &Weights, s: &Burden) -> (f64, f64) {
                let mut out = (0.0, 0.0);
                each!(self, |school, index| {
                    let (factor, pull) = school.burden(s);
                    out = (out.0 + weights[index] * factor, out.1 + weights[index] * pull);
                });
                out
            }
            /// How far promises are believed, if any school present looks at power.
            pub fn promise(&self, present: &[bool; COUNT]) -> Option<f64> {
                let mut found = None;
                each!(self, |school, index| if present[index] { found = found.or(school.promise()); });
                found
            }
            /// Reliance on institutions of the school present that relies most.
            pub fn most_reliance(&self, present: &[bool; COUNT]) -> f64 {
                let mut most = 0.0f64;
                each!(self, |school, index| if present[index] { most = most.max(school.reliance()); });
                most
            }
            /// Reliance of a state of mixed convictions.
            #[inline(always)]
            pub fn reliance(&self, weights: &Weights) -> f64 {
                let mut sum = 0.0;
                each!(self, |school, index| sum += weights[index] * school.reliance());
                sum
            }
            /// How far a state answers acts in kind, and how far linked issues answer too.
            pub fn in_kind(&self, weights: &Weights) -> (f64, f64) {
                let mut out = (0.0, 0.0);
                each!(self, |school, index| if let Some(linkage) = school.in_kind() {
                    out = (weights[index] * school.reliance(), linkage);
                });
                out
            }
            /// What an act does to the image of its author, log-odds.
            pub fn image_of_act(&self, act: &Act) -> f64 {
                let mut sum = 0.0;
                each!(self, |school, _index| sum += school.image_of_act(act));
                sum
            }
            /// Size of the act that a granted request is.
            pub fn answer_to_request(&self) -> f64 {
                let mut sum = 0.0;
                each!(self, |school, _index| sum += school.answer_to_request());
                sum
            }
            /// Contact of two linked states.
            #[inline(always)]
            pub fn contact(&self, joint: f64) -> f64 {
                let mut sum = 0.0;
                each!(self, |school, _index| sum += school.contact(joint));
                sum
            }
            /// Share of the way to the other's identity gone in a step.
            #[inline(always)]
            pub fn draws_near(&self, pair: &Kinship) -> f64 {
                let mut sum = 0.0;
                each!(self, |school, _index| sum += school.draws_near(pair));
                sum
            }
        }
    };
}

schools! {
    realism: Realism,
    institutionalism: Institutionalism,
    constructivism: Constructivism,
}

/// Weights over the schools; they sum to 1.
pub type Weights = [f64; COUNT];

/// The terms of one's own gain that every school has: at belief `q` with `future` to lose.
fn own_terms(frame: &Frame, game: &Game, q: f64, future: f64, terms: &mut Terms) {
    let p = &game.payoffs;
    let clear = frame::future(p, p.sucker, frame.shadow, 0.0, 0.0);
    terms.add(&common::TEMPTATION, q * (p.reward - p.temptation) / game.spread);
    terms.add(&common::SHADOW, q * clear / game.spread);
    terms.add(&common::FOG, q * (future - clear) / game.spread);
    terms.add(&common::EXPLOITATION, (1.0 - q) * (p.sucker - p.punishment) / game.spread);
}
