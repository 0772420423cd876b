//! Neoliberal institutionalism: egoists with absolute gains whom institutions help to cooperate.
//!
//! Institutions lengthen the shadow of the future, `w = w0 + (1-w0) gamma Inst` (Keohane 1984; Axelrod & Keohane
//! 1985), punish (but not those who can veto the punishment), lower transaction costs and link issues (Tollison
//! & Willett 1979). Reciprocity is generous (Molander 1985). Consensus has a price, and bodies of unequal
//! development fit badly (thesis p.64). No identity, no blanket trust: below the threshold cooperation dies.

use super::terms::{Ledger, Term, Terms, common};
use super::{Ballot, Burden, Encounter, Learning, School, Standing, parameters, reciprocity};

parameters! {
    /// Free parameters of neoliberal institutionalism.
    Institutionalism {
        gamma = 0.4, 0.0, 0.6, off 0.0, "1", "Axelrod & Keohane 1985", "How far full institutionalisation lengthens the shadow of the future.";
        generosity = 0.10, 0.0, 0.33, off 0.0, "probability", "Molander 1985; Nowak & Sigmund 1992: at most 1/3", "Chance to forgive an observed defection.";
        sanctions = 1.0, 0.0, 2.0, off 0.0, "1", "Keohane 1984", "Weight of the body's sanction on a defection.";
        transaction = 1.0, 0.0, 2.0, off 0.0, "1", "Keohane 1984; Williamson 1985", "Weight of transaction costs.";
        linkage = 0.3, 0.0, 1.0, off 0.0, "1", "Tollison & Willett 1979; Bernheim & Whinston 1990", "How far slack on other issues supports a hard one.";
        issue_value = 0.8, 0.0, 3.0, off 0.0, "payoff units", "Keohane 1984", "Worth of what a body makes possible on the issues members care for.";
        information = 0.3, 0.0, 2.0, off 0.0, "payoff units", "Keohane & Martin 1995", "Worth of information and a venue, at full institutionalisation of the weaker side.";
        mismatch = 0.6, 0.0, 3.0, off 0.0, "payoff units", "thesis p.64, p.68", "Cost of working with a body far less developed than one's own.";
        consensus = 0.004, 0.0, 0.05, off 0.0, "payoff units per voter", "Buchanan & Tullock 1962", "Cost of delay for each voter that must agree.";
        compliance = 0.3, 0.0, 1.0, off 0.0, "1", "Keohane 1984: agreed standards", "Pull of an agreed spending guideline at full institutionalisation.";
    }
}

const LONGER_SHADOW: Term = Term {
    name: "institutions lengthen the shadow",
    formula: "stake gamma Inst (1-w)[q(T-P) + (1-q)(P-S)]",
    source: "Keohane 1984; Axelrod & Keohane 1985",
    parameter: "theory.institutionalism.gamma",
};
const GENEROSITY: Term = Term {
    name: "generous reciprocity",
    formula: "stake g (1-last_seen)/2 [(1-w)(R-T-S+P) + w(R-P)]",
    source: "Molander 1985",
    parameter: "theory.institutionalism.generosity",
};
const SANCTIONS: Term = Term {
    name: "sanctions",
    formula: "stake sanctions (1-w) sanction",
    source: "Keohane 1984",
    parameter: "theory.institutionalism.sanctions",
};
const TRANSACTION: Term = Term {
    name: "transaction costs",
    formula: "-transaction cost",
    source: "Keohane 1984; Williamson 1985",
    parameter: "theory.institutionalism.transaction",
};
const LINKAGE: Term = Term {
    name: "issue linkage",
    formula: "linkage (mean slack of all issues - slack of this one)",
    source: "Tollison & Willett 1979",
    parameter: "theory.institutionalism.linkage",
};
const INFORMATION: Term = Term {
    name: "information and a venue",
    formula: "information Inst_least trust",
    source: "Keohane & Martin 1995",
    parameter: "theory.institutionalism.information",
};
const MISMATCH: Term = Term {
    name: "institutional mismatch",
    formula: "-mismatch (1 - Inst_min/Inst_max)",
    source: "thesis p.64 and p.68",
    parameter: "theory.institutionalism.mismatch",
};
const CONSENSUS: Term = Term {
    name: "consensus cost",
    formula: "-consensus voters",
    source: "Buchanan & Tullock 1962; thesis p.63",
    parameter: "theory.institutionalism.consensus",
};
const ISSUES: Term = Term {
    name: "gains on shared issues",
    formula: "issue_value issue_gain (1 + Inst)/2",
    source: "Keohane 1984",
    parameter: "theory.institutionalism.issue_value",
};

impl School for Institutionalism {
    #[inline(always)]
    fn cooperate<L: Ledger>(&self, s: &Encounter, terms: &mut L) -> f64 {
        let p = &s.payoffs;
        reciprocity(p, s.shadow, s.belief, s.stake, terms);
        // moving w by dw adds dw [q(T-P) + (1-q)(P-S)] to the sum of the three terms
        let dw = self.gamma * s.institution * (1.0 - s.shadow);
        let q = s.belief;
        terms.add(
            &LONGER_SHADOW,
            s.stake * dw * (q * (p.temptation - p.punishment) + (1.0 - q) * (p.punishment - p.sucker)),
        );
        let w = s.shadow + dw;
        let dq = self.generosity * (1.0 - s.last_seen) * 0.5;
        terms.add(
            &GENEROSITY,
            s.stake
                * dq
                * ((1.0 - w) * (p.reward - p.temptation - p.sucker + p.punishment)
                    + w * (p.reward - p.punishment)),
        );
        terms.add(&SANCTIONS, s.stake * self.sanctions * (1.0 - w) * s.sanction);
        terms.add(&TRANSACTION, -self.transaction * s.transaction);
        terms.add(&LINKAGE, self.linkage * s.linkage);
        0.0
    }

    fn burden(&self, s: &Burden) -> (f64, f64, f64) {
        (s.weight, s.private, self.compliance * s.institution)
    }

    fn vote(&self, s: &Ballot, terms: &mut Terms) {
        terms.add(&common::JOINT_GAINS, s.joint_gain);
        terms.add(&INFORMATION, self.information * s.institution_least * s.trust);
        terms.add(&MISMATCH, -self.mismatch * s.institution_gap);
        terms.add(&CONSENSUS, -self.consensus * s.voters);
    }

    fn membership(&self, s: &Standing, terms: &mut Terms) {
        let scale = if s.partnership { 0.5 } else { 1.0 };
        terms.add(&ISSUES, self.issue_value * s.issue_gain * 0.5 * (1.0 + s.institution) * scale);
        terms.add(&INFORMATION, self.information * s.institution * scale);
        terms.add(&TRANSACTION, -self.transaction * s.transaction * scale);
        if !s.partnership {
            terms.add(&CONSENSUS, -self.consensus * s.members);
        }
        terms.add(&common::SIDE_PAYMENT, s.side_payment);
    }

    fn learning(&self) -> Learning {
        Learning { betrayal: 1.0, ceiling: 1.0, rate: 0.0, reflected: 0.0, bias: 0.0 }
    }
}
