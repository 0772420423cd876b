//! Parameters every school shares: the physics of the world, not the convictions of states.

use crate::theory::frame::Frame;
use crate::theory::parameters;

parameters! {
    /// Parameters of the shared world. Rates are per quarter and are converted to the scenario's step; the shadow, memory,
    /// misperception and error belong to one round, and a round is a step: a yearly run is another game.
    World {
        shadow = 0.70, 0.0, 0.99, off 0.70, "probability", "Axelrod 1984: above 1/2, so that cooperation is possible", "Continuation probability w of one round: the shadow of the future.";
        sensitivity = 9.0, 0.3, 60.0, off 9.0, "per spread of present value", "logit choice (McFadden 1974; McKelvey & Palfrey 1995)", "How sharply moves follow utility; best reply is the limit.";
        friction = 0.0733, 0.0, 0.7, off 0.0733, "spreads", "Keohane 1984: transaction costs; judgement", "Cost of an encounter a step, spread over all issues on the table.";
        error = 0.02, 0.0, 0.5, off 0.02, "probability", "Selten 1975: trembling hand", "Chance that a move is executed wrongly.";
        misperception = 0.08, 0.0, 0.5, off 0.08, "probability", "Jervis 1976; Molander 1985", "Chance that a move is misread without monitoring; with the error one fog of .10.";
        memory = 0.5, 0.0, 1.0, off 0.5, "1", "Axelrod 1984: reciprocity", "Weight of the last observed move, against trust, in belief.";
        forgetting = 0.90, 0.5, 0.999, off 0.90, "per quarter", "Fudenberg & Levine 1998", "Share of old evidence kept in trust.";
        distance_km = 2500.0, 500.0, 10000.0, off 2500.0, "km", "Boulding 1962: loss-of-strength gradient", "Distance over which threat falls by a factor e; three times that for a great power.";
        offence = 1.0, 0.0, 3.0, off 1.0, "1", "Jervis 1978; Walt 1987", "Exponent of spending over 3% of GDP in threat; 0 for plain balance of power.";
        hostility_floor = 0.05, 0.0, 1.0, off 0.05, "probability", "Mearsheimer 1994/95", "Least intent counted in threat; 1 for plain balance of power.";
        threat_scale = 0.05, 0.001, 1.0, off 0.05, "raw threat", "judgement on Russia and NATO 1992-98, see docs/limits.md", "Raw threat that counts as one half after normalisation.";
        hostility_memory = 12.0, 1.0, 80.0, off 12.0, "quarters", "Jervis 1976; judgement: 8-20 quarters", "Time over which remembered hostility fades where nothing threatens.";
        reverse = 0.5, 0.0, 1.0, off 1.0, "1", "Jervis 1976, 1978", "How far those who struck fear the answer, against what the struck fear.";
        group = 0.02, 0.0, 0.1, off 0.0, "eyes per member", "Kandori 1992; Oye 1986", "How far misreadings of third parties spread in a body of many.";
        information = 1.0, 0.0, 1.0, off 1.0, "share", "Keohane 1984: what a full venue does", "Share of misreading that full monitoring removes.";
        economy = 0.6, 0.0, 1.0, off 0.6, "share", "Keohane 1984: what a full venue does", "Share of friction that a full venue removes.";
        partner_share = 0.3, 0.0, 1.0, off 0.3, "share", "judgement", "Share of a body's stock that serves a bilateral partner.";
        setup = 0.03, 0.0, 1.0, off 0.03, "vote units", "Keohane 1984: 100-103", "Cost of setting up a framework; half for a council, an operation or a new member.";
        silence = 0.02, 0.0, 1.0, off 0.02, "vote units", "silence procedure; judgement", "Cost of breaking silence.";
        vote_sensitivity = 40.0, 1.0, 200.0, off 40.0, "per vote unit", "McKelvey & Palfrey 1995; a vote judges some 45 moves at once", "How sharply votes and memberships follow utility.";
        common_shock = 0.5, 0.0, 0.99, off 0.0, "correlation", "Vasicek 1987", "How far the members of a body are moved by one mood.";
        proposal_rate = 0.25, 0.0, 1.0, off 0.25, "per quarter", "judgement", "Chance that a leader whose own gain is positive puts a proposal.";
        proposal_pause = 4.0, 1.0, 40.0, off 4.0, "quarters", "judgement", "Least time between proposals of one body to the same addressee.";
        inertia = 0.05, 0.0, 0.2, off 0.05, "vote units", "McCalla 1996: sunk costs", "Pull of the present standing in membership decisions.";
        patience = 10.0, 1.0, 1e9, off 1e9, "years", "McCalla 1996; Wallander 2000", "Years below its upkeep after which a body is dissolved.";
        exit_chance = 0.01, 0.0, 1.0, off 0.01, "per quarter", "judgement", "Chance that leaving is considered outside a renewal.";
        entry_chance = 0.05, 0.0, 1.0, off 0.05, "per quarter", "judgement", "Chance that entry or re-entry is considered.";
        partner_chance = 0.30, 0.0, 1.0, off 0.30, "per quarter", "thesis p.23-24", "Chance that partnership is considered once it is open.";
        exit_act = 0.2, 0.0, 1.0, off 0.0, "size of an act", "judgement", "Size of the hostile act that leaving is to those who stay.";
        growth = 0.033, 0.0, 0.5, off 0.033, "per quarter", "Wallander 2000; rate fitted to NATO 1949-1991, see docs/limits.md", "Growth of institutions with practice above even.";
        decay = 0.003, 0.0, 0.5, off 0.003, "per quarter", "Wallander 2000; rate fitted to NATO 1949-1991, see docs/limits.md", "Decay of institutions by neglect.";
        specific_decay = 0.02, 0.0, 0.2, off 0.0, "per quarter", "Wallander 2000: specific assets live about ten years", "Further decay of assets specific to a threat that has gone.";
        death = 0.02, 0.0, 0.5, off 0.02, "0-1", "Wallander 2000", "Stock below which an organisation or a tie dies.";
        tie_speed = 0.2, 0.0, 1.0, off 0.2, "per quarter", "judgement", "Speed at which councils and ties follow practice.";
        security = 0.065, 0.0, 0.5, off 0.065, "share of income", "Sandler & Hartley 2001; set with spending shares of 2010 in view, see docs/limits.md", "Weight b of security in utility.";
        private = 0.20, 0.0, 1.0, off 0.20, "share", "Sandler 1977", "Private share delta of the joint product; 0 is Olson and Zeckhauser's pure public good.";
        guideline = 0.02, 0.0, 0.2, off 0.02, "share of GDP", "thesis p.34: two per cent", "Agreed spending guideline.";
        adjustment = 0.10, 0.01, 1.0, off 0.10, "per quarter", "judgement", "Speed at which spending moves to the best reply.";
    }
}

impl World {
    /// What decisions read of it.
    pub fn frame(&self) -> Frame {
        Frame {
            shadow: self.shadow,
            misperception: self.misperception,
            error: self.error,
            memory: self.memory,
            information: self.information,
            economy: self.economy,
            friction: self.friction,
        }
    }
}
