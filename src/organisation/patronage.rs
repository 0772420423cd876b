//! Patrons bidding for a host state.

/// What the host receives and which patron pays when patrons value it at `values`: the highest bidder pays the
/// runner-up's valuation (second price: Vickrey 1961). One patron alone pays nothing.
///
/// ```
/// use twain::organisation::patronage::second_price;
/// // the keener patron wins and pays what the other would have
/// assert_eq!(second_price([0.3, 0.8].into_iter()), (Some(1), 0.3));
/// ```
pub fn second_price(values: impl Iterator<Item = f64>) -> (Option<usize>, f64) {
    let mut winner: Option<(usize, f64)> = None;
    let mut price: f64 = 0.0;
    for (i, value) in values.enumerate() {
        match winner {
            _ if value <= 0.0 => {}
            None => winner = Some((i, value)),
            Some((_, best)) if value > best => {
                price = price.max(best);
                winner = Some((i, value));
            }
            Some(_) => price = price.max(value),
        }
    }
    (winner.map(|w| w.0), price)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T11: 10 against 7 gives 7; 10 against nothing gives nothing.
    #[test]
    fn the_host_gets_the_runner_up() {
        assert_eq!(second_price([10.0, 7.0].into_iter()), (Some(0), 7.0));
        assert_eq!(second_price([7.0, 10.0].into_iter()), (Some(1), 7.0));
        assert_eq!(second_price([10.0, 0.0].into_iter()), (Some(0), 0.0));
        assert_eq!(second_price([0.0, 0.0].into_iter()), (None, 0.0));
        assert_eq!(second_price([3.0, 9.0, 5.0].into_iter()), (Some(1), 5.0));
    }
}
