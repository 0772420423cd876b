//! The laboratory's engine in the browser: [`twain::lab::session`] bound to JavaScript.
//!
//! Questions and answers are JSON, tables are text. What goes wrong is thrown as a string.
#![deny(missing_docs)]

use std::collections::BTreeMap;

use serde_json::Value;
use twain::lab::session::{Case, Changes, Counted, Session};
use wasm_bindgen::prelude::*;

type Answer = Result<String, String>;

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(words)
}

fn json(answer: Result<Value, impl std::fmt::Display>) -> Answer {
    answer.map(|value| value.to_string()).map_err(|e| format!("{e:#}"))
}

/// Chooses the language of charts and findings, by its code.
#[wasm_bindgen]
pub fn speak(code: &str) -> Result<(), String> {
    twain::chart::texts::choose(code).map_err(words)
}

/// A scenario with its changes, and its runs so far.
#[wasm_bindgen]
pub struct Lab(Session);

#[wasm_bindgen]
impl Lab {
    /// Reads a scenario: its TOML, the texts of other scenarios by id of a what-if, and the changes; the last two as JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, others: &str, changes: &str) -> Result<Lab, String> {
        let (others, changes): (BTreeMap<String, String>, Changes) = (read(others)?, read(changes)?);
        Session::new(text, &others, &changes).map(Lab).map_err(words)
    }

    /// What the page has to know of the scenario.
    pub fn about(&self) -> String {
        self.0.about().to_string()
    }

    /// The scenario with its changes as one TOML document.
    pub fn toml(&self) -> String {
        self.0.toml()
    }

    /// Runs the next replications of a population; returns how many are done.
    pub fn run(&mut self, theory: &str, count: u32) -> Result<u32, String> {
        self.0.run(theory, u64::from(count)).map(|n| n as u32).map_err(|e| format!("{e:#}"))
    }

    /// Tables and digest of a population's runs so far.
    pub fn snapshot(&self, theory: &str) -> Answer {
        json(self.0.snapshot(theory))
    }

    /// Every table of `twain run`.
    pub fn tables(&self, theories: &str, replications: u32) -> Answer {
        let theories: Vec<String> = read(theories)?;
        let tables = self.0.tables(&theories, u64::from(replications)).map_err(|e| format!("{e:#}"))?;
        serde_json::to_string(&tables).map_err(words)
    }

    /// Charts and findings from snapshots' tables.
    pub fn charts(&self, theories: &str, parts: &str, replications: u32, only: &str) -> Answer {
        let (theories, only): (Vec<String>, Vec<String>) = (read(theories)?, read(only)?);
        let parts: Vec<BTreeMap<String, String>> = read(parts)?;
        json(self.0.charts(&theories, &parts, u64::from(replications), &only))
    }

    /// Paired differences of changed scenarios.
    pub fn compare(&self, theories: &str, base: &str, cases: &str) -> Answer {
        let theories: Vec<String> = read(theories)?;
        let cases: Vec<Case> = read(cases)?;
        json(self.0.compare(&theories, &read(base)?, &cases))
    }

    /// Holds the next replications of a population to the facts; returns its hits so far.
    pub fn try_facts(&mut self, theory: &str, count: u32) -> Answer {
        json(self.0.try_facts(theory, u64::from(count)))
    }

    /// Scores, scorecard and verdict of populations held to the facts.
    pub fn verdict(&self, hits: &str, bets: &str) -> Answer {
        let hits: Vec<Counted> = read(hits)?;
        json(self.0.verdict(&hits, &read::<Vec<_>>(bets)?))
    }

    /// Why a state decided as it did.
    pub fn explain(&self, question: &str) -> Answer {
        json(self.0.explain(question))
    }

    /// One replication as one state lives it.
    pub fn life(&self, theory: &str, replication: u32, who: &str) -> Answer {
        json(self.0.life(theory, u64::from(replication), who))
    }
}
