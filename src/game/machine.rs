//! Finite state machines as players (Rubinstein 1986; Ashlock & Kim 2008): a state, the other's last move, and from
//! both the next state and the next move.

/// A finite state machine that has been checked: every state that can be reached answers both moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    first: bool,
    start: usize,
    /// For each state: next state and move after the other's defection, then after its cooperation.
    states: Vec<[(usize, bool); 2]>,
}

/// One line of a machine: in `state`, after the other's `theirs` (true for cooperation), go to `next` and play `mine`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Number of the state.
    pub state: u64,
    /// The other's last move.
    pub theirs: bool,
    /// Number of the next state.
    pub next: u64,
    /// The next move.
    pub mine: bool,
}

/// What is wrong with a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Two lines for one state and one move of the other; the second one's place.
    Twice(usize),
    /// A state that is entered and has no line for a move of the other: the state, the move, and the place of the line
    /// that enters it; none for the start.
    Missing(u64, bool, Option<usize>),
}

impl Machine {
    /// A machine that opens with `first` and then begins in the state `start`.
    ///
    /// # Errors
    /// Two lines for one case, or a reachable case without a line.
    pub fn new(first: bool, start: u64, lines: &[Transition]) -> Result<Machine, Fault> {
        let mut numbers = vec![start];
        let mut known: Vec<[Option<(usize, bool)>; 2]> = vec![[None; 2]];
        let mut place = |number: u64, known: &mut Vec<[Option<(usize, bool)>; 2]>| {
            numbers.iter().position(|n| *n == number).unwrap_or_else(|| {
                numbers.push(number);
                known.push([None; 2]);
                numbers.len() - 1
            })
        };
        for (k, line) in lines.iter().enumerate() {
            let next = place(line.next, &mut known);
            let state = place(line.state, &mut known);
            let slot = &mut known[state][usize::from(line.theirs)];
            if slot.is_some() {
                return Err(Fault::Twice(k));
            }
            *slot = Some((next, line.mine));
        }
        let mut open = vec![0];
        let mut met = vec![false; known.len()];
        while let Some(state) = open.pop() {
            if std::mem::replace(&mut met[state], true) {
                continue;
            }
            for theirs in [false, true] {
                let Some((next, _)) = known[state][usize::from(theirs)] else {
                    let from = lines.iter().position(|l| l.next == numbers[state]);
                    return Err(Fault::Missing(numbers[state], theirs, from.filter(|_| state > 0)));
                };
                open.push(next);
            }
        }
        // states that nobody enters keep their place and lead nowhere
        let states = known.iter().map(|s| s.map(|t| t.unwrap_or((0, false)))).collect();
        Ok(Machine { first, start: 0, states })
    }

    /// A machine that repeats a sequence whatever the other does; `None` if the sequence is empty.
    pub fn cycle(moves: &[bool]) -> Option<Machine> {
        let n = moves.len();
        let states = (0..n).map(|k| [((k + 1) % n, moves[(k + 1) % n]); 2]).collect();
        Some(Machine { first: *moves.first()?, start: 0, states })
    }

    /// Number of states.
    pub fn states(&self) -> usize {
        self.states.len()
    }

    /// The next move, true for cooperation; `state` is 0 before the match and is kept by the caller.
    pub fn next(&self, theirs: Option<bool>, state: &mut i64) -> bool {
        let Some(theirs) = theirs else {
            *state = self.start as i64;
            return self.first;
        };
        let now = usize::try_from(*state).unwrap_or(0).min(self.states.len() - 1);
        let (next, mine) = self.states[now][usize::from(theirs)];
        *state = next as i64;
        mine
    }
}

/// A machine of the roster from lines in short: state, other's move, next state, own move.
pub(in crate::game) fn build(first: char, start: u64, lines: &[(u64, char, u64, char)]) -> Machine {
    let lines: Vec<Transition> = lines
        .iter()
        .map(|&(state, theirs, next, mine)| Transition {
            state,
            theirs: theirs == 'C',
            next,
            mine: mine == 'C',
        })
        .collect();
    // what is on the roster is whole: a test asks every one of its machines
    Machine::new(first == 'C', start, &lines).unwrap_or(Machine {
        first: false,
        start: 0,
        states: vec![[(0, false); 2]],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(state: u64, theirs: bool, next: u64, mine: bool) -> Transition {
        Transition { state, theirs, next, mine }
    }

    #[test]
    fn a_machine_of_one_state_is_tit_for_tat() {
        let m = Machine::new(true, 1, &[line(1, true, 1, true), line(1, false, 1, false)]).expect("whole");
        let mut state = 0;
        let answers: Vec<bool> = [None, Some(false), Some(true)].map(|t| m.next(t, &mut state)).to_vec();
        assert_eq!(answers, [true, false, true]);
    }

    #[test]
    fn gaps_and_doubles_are_found() {
        let gap = Machine::new(true, 1, &[line(1, true, 2, true), line(1, false, 1, false)]);
        assert_eq!(gap, Err(Fault::Missing(2, false, Some(0))));
        let twice = Machine::new(true, 1, &[line(1, true, 1, true), line(1, true, 1, false)]);
        assert_eq!(twice, Err(Fault::Twice(1)));
        assert_eq!(Machine::new(true, 7, &[]), Err(Fault::Missing(7, false, None)));
    }

    #[test]
    fn a_cycle_does_not_listen() {
        let m = Machine::cycle(&[true, true, false]).expect("a cycle");
        let mut state = 0;
        let mut moves = vec![m.next(None, &mut state)];
        moves.extend((0..5).map(|k| m.next(Some(k % 2 == 0), &mut state)));
        assert_eq!(moves, [true, true, false, true, true, false]);
        assert_eq!(Machine::cycle(&[]), None);
    }
}
