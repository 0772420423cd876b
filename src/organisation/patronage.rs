//! Patrons bidding for a host state.

/// What the host receives and which patron pays when patrons value it at `values`: the highest bidder pays the
/// runner-up's valuation (second price: Vickrey 1961). One patron alone pays nothing.
pub fn second_price(values: &[f64]) -> (Option<usize>, f64) {
    let mut winner: Option<usize> = None;
    let mut price: f64 = 0.0;
    for (i, &v) in values.iter().enumerate() {
        match winner {
            _ if v <= 0.0 => {}
            None => winner = Some(i),
            Some(w) if v > values[w] => {
                price = price.max(values[w]);
                winner = Some(i);
            }
            Some(_) => price = price.max(v),
        }
    }
    (winner, price)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T11: 10 against 7 gives 7; 10 against nothing gives nothing.
    #[test]
    fn the_host_gets_the_runner_up() {
        assert_eq!(second_price(&[10.0, 7.0]), (Some(0), 7.0));
        assert_eq!(second_price(&[7.0, 10.0]), (Some(1), 7.0));
        assert_eq!(second_price(&[10.0, 0.0]), (Some(0), 0.0));
        assert_eq!(second_price(&[0.0, 0.0]), (None, 0.0));
        assert_eq!(second_price(&[3.0, 9.0, 5.0]), (Some(1), 5.0));
    }
}
