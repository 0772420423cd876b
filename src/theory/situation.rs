//! What a rule sees: small pictures of the world, taken from the frozen snapshot of a step.

/// A dated act of one state on another, as the image of its author reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Act {
    /// Size, -1 hostile to 1 friendly.
    pub size: f64,
    /// My image of the author, -1 to 1.
    pub image: f64,
    /// Strength with which I hold the norm the act touches, 0-1 (0 if it touches none).
    pub norm: f64,
    /// Whether I only look on: the act was on somebody else.
    pub onlooker: bool,
}

/// What one state learns about all others in a step. Slices run over the others.
#[derive(Debug)]
pub struct Lesson<'a> {
    /// Whether we met: 1 or 0.
    pub met: &'a [f64],
    /// Stake-weighted share of the other's moves seen as friendly, 0-1.
    pub share: &'a [f64],
    /// Institutional strength between us, 0-1.
    pub joint: &'a [f64],
    /// Mean absolute distance of our identities, 0-1.
    pub distance: &'a [f64],
    /// The other's image of me, log-odds, before the step.
    pub reverse: &'a [f64],
    /// The blocs I am in.
    pub sides: &'a [Side<'a>],
    /// The fog of a plain encounter, 0-1/2.
    pub fog: f64,
    /// Quarters in a step.
    pub pace: f64,
    /// My image of the other, log-odds; written.
    pub image: &'a mut [f64],
    /// What I know of the other, 0-1; written.
    pub knowledge: &'a mut [f64],
}

/// A bloc as one of its members sees it: the Self, and the Other it is told from.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// 1 for those inside with me.
    pub inside: &'a [f64],
    /// 1 for those of the other bloc.
    pub across: &'a [f64],
    /// Mean image inside, -1 to 1.
    pub warmth: f64,
    /// Mean image between the blocs, -1 to 1.
    pub warmth_across: f64,
    /// Mean identity distance between the blocs, 0-1.
    pub distance: f64,
}

/// Two linked states whose identities may draw nearer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Kinship {
    /// Institutional strength between us, 0-1.
    pub joint: f64,
    /// My image of the other, -1 to 1.
    pub image: f64,
    /// The pair's image, the hyperbolic tangent of the mean log-odds, -1 to 1.
    pub pair_image: f64,
    /// What I know of the other, 0-1.
    pub knowledge: f64,
    /// The greater remembered hostility of the two, 0-1.
    pub hostility: f64,
    /// Identity distance, 0-1.
    pub distance: f64,
    /// Lesser over greater stock of the blocs we stand in; 1 within a bloc or outside both.
    pub equality: f64,
    /// Quarters in a step.
    pub pace: f64,
}

/// A member of an alliance: how much shall I spend?
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Burden {
    /// Income (GDP), any unit.
    pub income: f64,
    /// What the other members spend together, same unit.
    pub others: f64,
    /// Weight of security in utility before any school speaks, b in (0, 1).
    pub weight: f64,
    /// Private share of the joint product, delta in [0, 1].
    pub private: f64,
    /// My fear of everybody together, 0-1.
    pub fear: f64,
    /// The same without hostility and at ordinary spending: fear of power alone, 0-1.
    pub calm: f64,
    /// Greatest normalised threat from outside to a state I lead, 0-1.
    pub wards_fear: f64,
    /// Institutional stock of the body, 0-1.
    pub institution: f64,
    /// Agreed guideline as a share of income.
    pub guideline: f64,
    /// Mean role weight toward the other members, -1 to 1.
    pub friendship: f64,
    /// What I spend now as a share of income.
    pub present: f64,
}

/// A vote on a tie between two bodies, between a body and a state, on an operation, or on a new member.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ballot {
    /// Worth of the venue to me over the best that exists, mean over the other side, vote units.
    pub worth: f64,
    /// What it is worth to each of them, weighed by the security externality, mean over the other side.
    pub externality: f64,
    /// What recognition moves from my leader to the other: mirror x parity x (contested + gap); -1 to 1, reversed for
    /// the other side.
    pub rank: f64,
    /// Whether I lead my side.
    pub leads: bool,
    /// Protection my leader lends me before promises are discounted, 0-1.
    pub protection: f64,
    /// Mean role weight toward the other side's members, half of it that of its leader, -1 to 1.
    pub friendship: f64,
    /// Role weight toward the other side's leader, -1 to 1.
    pub friendship_leader: f64,
    /// How far my side's leader lags the other's in capability, if my side asks, 0-1.
    pub lag: f64,
    /// My body's norm that members are democracies, 0-1.
    pub democracy: f64,
    /// How far the other side falls short of my side's regime, 0-1.
    pub shortfall: f64,
    /// How formal the recognition is: 1 for a framework or membership, .3 for a council, 0 for an operation.
    pub formality: f64,
    /// My body's norm of non-interference, if the proposal touches it, 0-1.
    pub non_interference: f64,
}

/// A state and an organisation: shall I be in it?
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Whether only bilateral partnership is at stake, not membership.
    pub partnership: bool,
    /// Whether I lead the body.
    pub leads: bool,
    /// Whether the body is armed.
    pub armed: bool,
    /// Protection the leader lends before promises are discounted, 0-1.
    pub protection: f64,
    /// Greatest normalised threat I face from members other than the leader, 0-1.
    pub member_threat: f64,
    /// Normalised threat from the leader, 0-1 (0 without a leader).
    pub leader_threat: f64,
    /// My own power and the outside help at hand, against the leader's reach.
    pub own_power: f64,
    /// Greatest power within reach that another armed body's leader would lend.
    pub outside_help: f64,
    /// The leader's power within reach of me (0 without a leader).
    pub leader_power: f64,
    /// Worth of the body to me over the best I have without it, mean over members, vote units.
    pub worth: f64,
    /// Stock of the body that serves me, 0-1.
    pub institution: f64,
    /// Mean image of the members, half of it that of the leader, -1 to 1.
    pub warmth: f64,
    /// Distance of my regime identity to the members' mean, 0-1.
    pub regime_distance: f64,
    /// The body's norm that members are democracies, 0-1.
    pub democracy: f64,
    /// Its norm of non-interference, 0-1.
    pub non_interference: f64,
    /// Democratising pressure on my regime, 0-1.
    pub regime_threat: f64,
    /// Autocracy of the leader, 0-1 (0 without a leader).
    pub leader_autocracy: f64,
    /// Payment offered by the patron, vote units.
    pub side_payment: f64,
}
