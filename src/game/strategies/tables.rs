//! Look-up tables that searches found (Mathieu & Delahaye 2015; Harper et al. 2017).

use super::super::strategy::Strategy;
use super::super::table::build;
use super::table;

pub(super) const FAMILY: &[Strategy] = &[
    table(
        [
            "winner-12",
            "Winner12",
            "Mathieu & Delahaye 2015",
            "first of all tables over one own and two other moves",
        ],
        || build([1, 2, 0], "CC", "CDCDDCDD"),
    ),
    table(["winner-21", "Winner21", "Mathieu & Delahaye 2015", "second winner, opens with DC"], || {
        build([1, 2, 0], "DC", "CDCDCDDD")
    }),
    table(
        [
            "evolved-look-up-1-1-1",
            "EvolvedLookerUp1_1_1",
            "Harper et al. 2017",
            "one own move, one of the other, its opening",
        ],
        || build([1, 1, 1], "C", "CDDDDCDD"),
    ),
    table(
        [
            "evolved-look-up-2-2-2",
            "EvolvedLookerUp2_2_2",
            "Harper et al. 2017",
            "two own moves, two of the other, its opening",
        ],
        || build([2, 2, 2], "CC", "CDDCDCDDCDDDCDDDDDCDCDCCCDDCCDCDDDCCCCCDDDCDDDDDDDDDCCDDCDDDCCCD"),
    ),
];
