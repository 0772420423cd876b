//! Burden sharing: the joint-product public good.
//!
//! `U_i = (1-b) ln(y_i - q_i) + b [delta ln q_i + (1-delta) ln Q]`, `Q = sum q` (Olson & Zeckhauser 1966 at
//! delta = 0; Sandler 1977 and Sandler & Hartley 2001 for delta > 0).

/// Best reply of a member with income `y` to `others` spending, at weight `b` and private share `delta`.
///
/// The first-order condition `(1-b)/(y-q) = b delta/q + b(1-delta)/(q+others)` is a quadratic in q; its root
/// in (0, y) is taken in closed form. With delta = 0 the reply is `max(0, b y - (1-b) others)`.
pub fn best_reply(y: f64, others: f64, b: f64, delta: f64) -> f64 {
    if y <= 0.0 {
        return 0.0;
    }
    if delta <= 0.0 {
        return (b * y - (1.0 - b) * others).max(0.0);
    }
    // (1-b) q (q+o) = (y-q) [b delta (q+o) + b (1-delta) q]
    // => q^2 + q [o (1-b) + b delta o - b y] - b delta o y = 0
    let linear = others * (1.0 - b) + b * delta * others - b * y;
    let constant = -b * delta * others * y;
    let root = (linear * linear - 4.0 * constant).sqrt();
    // the stable form of the positive root
    let q = if linear <= 0.0 { 0.5 * (root - linear) } else { -2.0 * constant / (root + linear) };
    q.clamp(0.0, y)
}

/// Nash equilibrium contributions by repeated best reply in turn, to a relative change of 1e-12.
///
/// ```
/// use twain::organisation::burden::equilibrium;
/// // the exploitation of the great by the small: the greater spends the greater share of its income
/// let spent = equilibrium(&[100.0, 10.0], 0.1, 0.2);
/// assert!(spent[0] / 100.0 > spent[1] / 10.0);
/// ```
pub fn equilibrium(incomes: &[f64], b: f64, delta: f64) -> Vec<f64> {
    let mut q: Vec<f64> = incomes.iter().map(|y| b * y).collect();
    let mut total: f64 = q.iter().sum();
    for _ in 0..100_000 {
        let mut moved: f64 = 0.0;
        for (i, &y) in incomes.iter().enumerate() {
            let reply = best_reply(y, (total - q[i]).max(0.0), b, delta);
            moved = moved.max((reply - q[i]).abs());
            total += reply - q[i];
            q[i] = reply;
        }
        if moved <= 1e-12 * total.max(1e-300) {
            break;
        }
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T10: with a pure public good, k contributors supply Q = b Y_K/(b + k(1-b)) and q_i = y_i - (1-b)Q/b.
    #[test]
    fn olson_equilibrium_has_its_closed_form() {
        let incomes = [10.0, 9.0, 8.5, 1.0, 0.5];
        let b = 0.4;
        let q = equilibrium(&incomes, b, 0.0);
        let k = q.iter().filter(|&&x| x > 1e-9).count();
        let rich: f64 = incomes.iter().take(k).sum();
        let total = b * rich / (b + k as f64 * (1.0 - b));
        assert!((q.iter().sum::<f64>() - total).abs() < 1e-8);
        for i in 0..k {
            assert!((q[i] - (incomes[i] - (1.0 - b) * total / b)).abs() < 1e-7);
        }
        assert!(incomes[k] <= (1.0 - b) * total / b, "those below the threshold income give nothing");
        assert!(q[k..].iter().all(|&x| x < 1e-9), "the small exploit the great");
    }

    /// T10: Warr's neutrality: income moved between contributors leaves the total unchanged.
    #[test]
    fn warr_neutrality() {
        let before: f64 = equilibrium(&[10.0, 9.0, 8.0], 0.5, 0.0).iter().sum();
        let after: f64 = equilibrium(&[9.5, 9.5, 8.0], 0.5, 0.0).iter().sum();
        assert!((before - after).abs() < 1e-8);
    }

    /// T10: with a purely private product every state spends the share b.
    #[test]
    fn private_product_means_equal_shares() {
        let incomes = [100.0, 20.0, 3.0];
        for (q, y) in equilibrium(&incomes, 0.065, 1.0).iter().zip(incomes) {
            assert!((q / y - 0.065).abs() < 1e-9);
        }
    }

    #[test]
    fn best_reply_meets_its_first_order_condition() {
        for (y, o, b, d) in [(10.0, 3.0, 0.065, 0.2), (1.0, 50.0, 0.1, 0.5), (5.0, 0.01, 0.3, 0.05)] {
            let q = best_reply(y, o, b, d);
            let gap = (1.0 - b) / (y - q) - b * d / q - b * (1.0 - d) / (q + o);
            assert!(gap.abs() < 1e-7 * (1.0 / q), "y {y} others {o}: gap {gap}");
        }
    }
}
