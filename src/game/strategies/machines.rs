//! Finite state machines of the literature (Ashlock & Kim 2008; Ashlock, Kim & Leahy 2006; Ashlock et al. 2009, 2014, 2015),
//! and those that Axelrod-Python evolved (Harper et al. 2017).

use super::super::machine::build;
use super::super::strategy::Strategy;
use super::machine;

pub(super) const FAMILY: &[Strategy] = &[
    machine(
        ["fortress-3", "Fortress3", "Ashlock & Kim 2008", "cooperates with who knows the password DD"],
        || {
            build(
                'D',
                1,
                &[
                    (1, 'C', 1, 'D'),
                    (1, 'D', 2, 'D'),
                    (2, 'C', 1, 'D'),
                    (2, 'D', 3, 'C'),
                    (3, 'C', 3, 'C'),
                    (3, 'D', 1, 'D'),
                ],
            )
        },
    ),
    machine(
        ["fortress-4", "Fortress4", "Ashlock & Kim 2008", "cooperates with who knows the password DDD"],
        || {
            build(
                'D',
                1,
                &[
                    (1, 'C', 1, 'D'),
                    (1, 'D', 2, 'D'),
                    (2, 'C', 1, 'D'),
                    (2, 'D', 3, 'D'),
                    (3, 'C', 1, 'D'),
                    (3, 'D', 4, 'C'),
                    (4, 'C', 4, 'C'),
                    (4, 'D', 1, 'D'),
                ],
            )
        },
    ),
    machine(["predator", "Predator", "Ashlock & Kim 2008", "feeds on the naive"], || {
        build(
            'C',
            0,
            &[
                (0, 'C', 0, 'D'),
                (0, 'D', 1, 'D'),
                (1, 'C', 2, 'D'),
                (1, 'D', 3, 'D'),
                (2, 'C', 4, 'C'),
                (2, 'D', 3, 'D'),
                (3, 'C', 5, 'D'),
                (3, 'D', 4, 'C'),
                (4, 'C', 2, 'C'),
                (4, 'D', 6, 'D'),
                (5, 'C', 7, 'D'),
                (5, 'D', 3, 'D'),
                (6, 'C', 7, 'C'),
                (6, 'D', 7, 'D'),
                (7, 'C', 8, 'D'),
                (7, 'D', 7, 'D'),
                (8, 'C', 8, 'D'),
                (8, 'D', 6, 'D'),
            ],
        )
    }),
    machine(["pun-1", "Pun1", "Ashlock, Kim & Leahy 2006", "a machine of two states with a sting"], || {
        build('D', 1, &[(1, 'C', 2, 'C'), (1, 'D', 2, 'C'), (2, 'C', 1, 'C'), (2, 'D', 1, 'D')])
    }),
    machine(["raider", "Raider", "Ashlock et al. 2014", "raids, then settles if it is answered"], || {
        build(
            'D',
            0,
            &[
                (0, 'C', 2, 'D'),
                (0, 'D', 2, 'D'),
                (1, 'C', 1, 'C'),
                (1, 'D', 1, 'D'),
                (2, 'C', 0, 'D'),
                (2, 'D', 3, 'C'),
                (3, 'C', 0, 'D'),
                (3, 'D', 1, 'C'),
            ],
        )
    }),
    machine(
        ["ripoff", "Ripoff", "Ashlock & Kim 2008", "alternates with the naive, tit for tat with the others"],
        || {
            build(
                'D',
                1,
                &[
                    (1, 'C', 2, 'C'),
                    (1, 'D', 3, 'C'),
                    (2, 'C', 1, 'D'),
                    (2, 'D', 3, 'C'),
                    (3, 'C', 3, 'C'),
                    (3, 'D', 3, 'D'),
                ],
            )
        },
    ),
    machine(
        [
            "usually-cooperates",
            "UsuallyCooperates",
            "Ashlock et al. 2009",
            "defects after D, then C of the other",
        ],
        || build('C', 1, &[(1, 'C', 1, 'C'), (1, 'D', 2, 'C'), (2, 'C', 1, 'D'), (2, 'D', 1, 'C')]),
    ),
    machine(
        [
            "usually-defects",
            "UsuallyDefects",
            "Ashlock et al. 2009",
            "cooperates after C, then D of the other",
        ],
        || build('D', 1, &[(1, 'C', 2, 'D'), (1, 'D', 1, 'D'), (2, 'C', 1, 'D'), (2, 'D', 1, 'C')]),
    ),
    machine(
        ["solution-b1", "SolutionB1", "Ashlock et al. 2015", "an evolved machine of three states"],
        || {
            build(
                'D',
                1,
                &[
                    (1, 'C', 2, 'D'),
                    (1, 'D', 1, 'D'),
                    (2, 'C', 2, 'C'),
                    (2, 'D', 3, 'C'),
                    (3, 'C', 3, 'C'),
                    (3, 'D', 3, 'C'),
                ],
            )
        },
    ),
    machine(["solution-b5", "SolutionB5", "Ashlock et al. 2015", "an evolved machine of six states"], || {
        build(
            'D',
            1,
            &[
                (1, 'C', 2, 'C'),
                (1, 'D', 6, 'D'),
                (2, 'C', 2, 'C'),
                (2, 'D', 3, 'D'),
                (3, 'C', 6, 'C'),
                (3, 'D', 1, 'D'),
                (4, 'C', 3, 'C'),
                (4, 'D', 6, 'D'),
                (5, 'C', 5, 'D'),
                (5, 'D', 4, 'D'),
                (6, 'C', 3, 'C'),
                (6, 'D', 5, 'D'),
            ],
        )
    }),
    machine(["thumper", "Thumper", "Ashlock & Kim 2008", "answers one defection with two"], || {
        build('C', 1, &[(1, 'C', 1, 'C'), (1, 'D', 2, 'D'), (2, 'C', 1, 'D'), (2, 'D', 1, 'D')])
    }),
    machine(
        ["evolved-fsm-4", "EvolvedFSM4", "Harper et al. 2017", "four states, evolved in tournaments"],
        || {
            build(
                'C',
                0,
                &[
                    (0, 'C', 0, 'C'),
                    (0, 'D', 2, 'D'),
                    (1, 'C', 3, 'D'),
                    (1, 'D', 0, 'C'),
                    (2, 'C', 2, 'D'),
                    (2, 'D', 1, 'C'),
                    (3, 'C', 3, 'D'),
                    (3, 'D', 1, 'D'),
                ],
            )
        },
    ),
    machine(["tf-3", "TF3", "Knight et al. 2018", "eight states, evolved to take over populations"], || {
        build(
            'C',
            0,
            &[
                (0, 'C', 0, 'C'),
                (0, 'D', 3, 'C'),
                (1, 'C', 5, 'D'),
                (1, 'D', 0, 'C'),
                (2, 'C', 3, 'C'),
                (2, 'D', 2, 'D'),
                (3, 'C', 4, 'D'),
                (3, 'D', 6, 'D'),
                (4, 'C', 3, 'C'),
                (4, 'D', 1, 'D'),
                (5, 'C', 6, 'C'),
                (5, 'D', 3, 'D'),
                (6, 'C', 6, 'D'),
                (6, 'D', 6, 'D'),
                (7, 'C', 7, 'D'),
                (7, 'D', 5, 'C'),
            ],
        )
    }),
];
