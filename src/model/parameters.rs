//! Parameters every school shares: the physics of the world, not the convictions of states.

use crate::theory::parameters;

parameters! {
    /// Parameters of the shared world. Rates are per quarter and are converted to the scenario's step.
    World {
        shadow = 0.70, 0.0, 0.99, off 0.70, "probability", "Axelrod 1984: above 1/2, so that cooperation is possible", "Continuation probability w without institutions: the shadow of the future.";
        sensitivity = 8.0, 0.1, 100.0, off 8.0, "per payoff unit", "logit choice (McFadden 1974; McKelvey & Palfrey 1995)", "How sharply moves follow utility; best reply is the limit.";
        effort = 0.05, 0.0, 2.0, off 0.05, "payoff units", "judgement", "Cost of acting on an issue at all.";
        bilateral_cost = 0.06, 0.0, 2.0, off 0.06, "payoff units", "Keohane 1984; judgement", "Cost of dealing outside any forum.";
        error = 0.02, 0.0, 0.5, off 0.02, "probability", "Selten 1975: trembling hand", "Chance that a move is executed wrongly.";
        misperception = 0.10, 0.0, 0.5, off 0.10, "probability", "Jervis 1976; Molander 1985", "Chance that a move is misread without monitoring.";
        memory = 0.5, 0.0, 1.0, off 0.5, "1", "Axelrod 1984: reciprocity", "Weight of the last observed move, against trust, in belief.";
        forgetting = 0.90, 0.5, 0.999, off 0.90, "per quarter", "Fudenberg & Levine 1998", "Share of old evidence kept in trust.";
        power = 1.0, 0.0, 3.0, off 1.0, "1", "Walt 1987", "Exponent of the other's capability in threat.";
        distance_km = 2500.0, 500.0, 10000.0, off 2500.0, "km", "Boulding 1962: loss-of-strength gradient", "Distance over which threat falls by a factor e; three times that for a great power.";
        offence = 1.0, 0.0, 3.0, off 1.0, "1", "Walt 1987", "Exponent of offensive posture in threat; 0 for plain balance of power.";
        hostility_floor = 0.05, 0.0, 1.0, off 0.05, "probability", "Mearsheimer 1994/95", "Least intent counted in threat; 1 for plain balance of power.";
        threat_scale = 0.10, 0.001, 1.0, off 0.10, "raw threat", "judgement", "Raw threat that counts as one half after normalisation.";
        hostility_memory = 12.0, 1.0, 80.0, off 12.0, "quarters", "Jervis 1976; judgement: 8-20 quarters", "Time over which remembered hostility fades.";
        act_weight = 60.0, 0.0, 200.0, off 60.0, "observations", "chosen on the calibration facts, to 2003 (Kosovo), see docs/limits.md", "Routine observations that a dated act of size 1 counts for.";
        hostility_routine = 0.4, 0.0, 1.0, off 0.4, "1", "judgement", "Hostility read into steady defection, against an open hostile act at 1.";
        joint_gain = 1.5, 0.0, 5.0, off 1.5, "payoff units", "Keohane 1984", "Worth of formal joint action on shared issues of full stake.";
        silence = 0.30, 0.0, 3.0, off 0.30, "payoff units", "silence procedure; gives an indifferent member a yes vote of .95 at the vote sensitivity", "Cost of breaking silence in a consensus body.";
        vote_sensitivity = 10.0, 0.1, 100.0, off 10.0, "per payoff unit", "McKelvey & Palfrey 1995", "How sharply votes follow utility.";
        proposal_rate = 0.25, 0.0, 1.0, off 0.25, "per quarter", "judgement", "Chance that a leader whose own gain is positive puts a proposal.";
        proposal_pause = 4.0, 1.0, 40.0, off 4.0, "quarters", "judgement", "Least time between proposals of one body to the same addressee.";
        inertia = 0.45, 0.0, 3.0, off 0.45, "payoff units", "McCalla 1996: sunk costs", "Pull of the present standing in membership decisions.";
        membership_sensitivity = 6.0, 0.1, 100.0, off 6.0, "per payoff unit", "McKelvey & Palfrey 1995", "How sharply membership follows utility.";
        exit_chance = 0.01, 0.0, 1.0, off 0.01, "per quarter", "judgement", "Chance that leaving is considered outside a renewal.";
        entry_chance = 0.05, 0.0, 1.0, off 0.05, "per quarter", "judgement", "Chance that entry or re-entry is considered.";
        partner_chance = 0.30, 0.0, 1.0, off 0.30, "per quarter", "thesis p.23-24", "Chance that partnership is considered once it is open.";
        growth = 0.012, 0.0, 0.5, off 0.012, "per quarter", "Wallander 2000; rate fitted to NATO 1949-1991, see docs/limits.md", "Growth of institutions with practice.";
        decay = 0.002, 0.0, 0.5, off 0.002, "per quarter", "Wallander 2000; rate fitted to NATO 1949-1991, see docs/limits.md", "Decay of institutions by neglect; assets specific to a vanished threat decay too.";
        death = 0.02, 0.0, 0.5, off 0.02, "0-1", "Wallander 2000", "Stock below which an organisation or a tie dies.";
        security = 0.065, 0.0, 0.5, off 0.065, "share of income", "Sandler & Hartley 2001; set with spending shares of 2010 in view, see docs/limits.md", "Weight b of security in utility.";
        private = 0.20, 0.0, 1.0, off 0.20, "share", "Sandler 1977", "Private share delta of the joint product; 0 is Olson and Zeckhauser's pure public good.";
        guideline = 0.02, 0.0, 0.2, off 0.02, "share of GDP", "thesis p.34: two per cent", "Agreed spending guideline.";
        adjustment = 0.10, 0.01, 1.0, off 0.10, "per quarter", "judgement", "Speed at which spending moves to the best reply.";
    }
}
