//! Symmetric 2x2 games by their four payoffs.

/// The payoffs of a symmetric 2x2 game, in any unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payoffs {
    /// T: I defect, the other cooperates.
    pub temptation: f64,
    /// R: both cooperate.
    pub reward: f64,
    /// P: both defect.
    pub punishment: f64,
    /// S: I cooperate, the other defects.
    pub sucker: f64,
}

/// A game by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GameKind {
    /// T > R > P > S: defection dominates, yet both prefer mutual cooperation.
    PrisonersDilemma,
    /// R > T >= P > S: cooperation is best if trusted (assurance; Jervis 1978).
    StagHunt,
    /// T > R > S > P: mutual defection is worst of all.
    Chicken,
    /// R > T, S > P: cooperation dominates.
    Harmony,
    /// T > P > R, P > S: defection dominates and both prefer mutual defection.
    Deadlock,
    /// None of these.
    Other,
}

impl GameKind {
    /// The word used in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            GameKind::PrisonersDilemma => "prisoners-dilemma",
            GameKind::StagHunt => "stag-hunt",
            GameKind::Chicken => "chicken",
            GameKind::Harmony => "harmony",
            GameKind::Deadlock => "deadlock",
            GameKind::Other => "other",
        }
    }

    /// The game with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        use GameKind::{Chicken, Deadlock, Harmony, PrisonersDilemma, StagHunt};
        [PrisonersDilemma, StagHunt, Chicken, Harmony, Deadlock].into_iter().find(|k| k.name() == name)
    }
}

impl Default for Payoffs {
    fn default() -> Self {
        Payoffs::axelrod()
    }
}

impl Payoffs {
    /// The four payoffs in the usual order.
    pub fn new(temptation: f64, reward: f64, punishment: f64, sucker: f64) -> Self {
        Payoffs { temptation, reward, punishment, sucker }
    }

    /// 5, 3, 1, 0 (Axelrod 1984).
    pub fn axelrod() -> Self {
        Payoffs::new(5.0, 3.0, 1.0, 0.0)
    }

    /// What I earn when I move `mine` and the other `theirs`, true for cooperation.
    #[inline]
    pub fn of(&self, mine: bool, theirs: bool) -> f64 {
        match (mine, theirs) {
            (true, true) => self.reward,
            (true, false) => self.sucker,
            (false, true) => self.temptation,
            (false, false) => self.punishment,
        }
    }

    /// Which game these payoffs make.
    ///
    /// ```
    /// use twain::payoffs::{GameKind, Payoffs};
    /// assert_eq!(Payoffs::new(5.0, 3.0, 1.0, 0.0).kind(), GameKind::PrisonersDilemma);
    /// assert_eq!(Payoffs::new(2.5, 3.0, 1.0, 0.0).kind(), GameKind::StagHunt);
    /// ```
    pub fn kind(&self) -> GameKind {
        let (t, r, p, s) = (self.temptation, self.reward, self.punishment, self.sucker);
        if t > r && r > p && p > s {
            GameKind::PrisonersDilemma
        } else if r > t && t >= p && p > s {
            GameKind::StagHunt
        } else if t > r && r > s && s > p {
            GameKind::Chicken
        } else if r > t && s > p {
            GameKind::Harmony
        } else if t > p && p > r && p > s {
            GameKind::Deadlock
        } else {
            GameKind::Other
        }
    }

    /// Why these payoffs make no iterated prisoner's dilemma, if they do not: another game, or taking turns at
    /// exploiting each other pays as well as cooperation (`2R <= T + S`; Rapoport & Chammah 1965).
    pub fn no_dilemma(&self) -> Option<String> {
        let kind = self.kind();
        let name = match kind {
            GameKind::PrisonersDilemma if 2.0 * self.reward > self.temptation + self.sucker => return None,
            GameKind::PrisonersDilemma => {
                return Some(
                    "taking turns at exploiting each other pays as well as cooperation, for 2R is not above T + S".into(),
                );
            }
            GameKind::StagHunt => "a stag hunt (assurance): cooperation is best if trusted",
            GameKind::Chicken => "a game of chicken: mutual defection is worst of all",
            GameKind::Harmony => "harmony: cooperation is best whatever the other does",
            GameKind::Deadlock => "deadlock: both prefer mutual defection",
            GameKind::Other => "no game with a name of its own",
        };
        Some(format!("the payoffs make no prisoner's dilemma; they make {name}"))
    }
}
