//! The summary to read aloud: three sentences, then a short paragraph a population, made from the numbers of this run.
//! No line is longer than [`WIDE`] characters.

use super::results::{Digest, Mover, Refuser};
use super::tally::followed;
use crate::model::metrics::{Metric, metrics};
use crate::model::world::Party;
use crate::model::{MetricKind, World};
use crate::scenario::{NULLS, Scenario};
use crate::theory::SCHOOLS;

/// Most characters of a line.
pub const WIDE: usize = 100;

/// What is told of one run of a scenario.
pub struct Told<'s> {
    scenario: &'s Scenario,
    world: &'s World,
    metrics: Vec<Metric>,
    followed: Vec<usize>,
    digests: &'s [Digest],
}

impl<'s> Told<'s> {
    /// What `digests` say of `scenario`.
    pub fn new(scenario: &'s Scenario, digests: &'s [Digest]) -> Self {
        let world = &scenario.world;
        Told { scenario, world, metrics: metrics(world), followed: followed(scenario), digests }
    }

    /// The summary for the terminal.
    pub fn summary(&self) -> String {
        let calendar = self.world.calendar;
        let mut text = wrapped(&self.scenario.named(), "");
        text += &wrapped(
            &format!(
                "{} to {}, {} states, {}, seed {}.",
                calendar.label(0),
                calendar.label(calendar.steps - 1),
                self.world.n(),
                counted(self.scenario.replications, "run of each population", "runs of each population"),
                self.world.seed
            ),
            "",
        );
        text.push('\n');
        let top = [self.of_framework(), self.of_pair(), self.of_shocks()];
        for sentence in top.iter().filter(|s| !s.is_empty()) {
            text += &wrapped(sentence, "");
        }
        for d in self.digests {
            text.push('\n');
            text += &wrapped(&self.paragraph(d), "");
        }
        text += &self.watched();
        text += "\nThis is a model, not a forecast: it shows what follows from each school's rules and these inputs.\n";
        text
    }

    /// Schools and mixes, without the null models.
    fn schools(&self) -> Vec<&Digest> {
        let null = |d: &&Digest| !NULLS.iter().any(|n| n.0 == d.theory);
        let own: Vec<&Digest> = self.digests.iter().filter(null).collect();
        if own.is_empty() { self.digests.iter().collect() } else { own }
    }

    fn blocs(&self) -> Option<String> {
        let code = |o: usize| self.world.organisations[o].code.as_str();
        self.world.blocs.map(|[a, b]| format!("{} and {}", code(a), code(b)))
    }

    /// The first sentence: did a framework form?
    fn of_framework(&self) -> String {
        let Some(blocs) = self.blocs() else { return String::new() };
        let schools = self.schools();
        let runs: u64 = schools.iter().map(|d| d.runs).sum();
        let hits: u64 = schools.iter().map(|d| d.framework.0).sum();
        let asked: u64 = schools.iter().map(|d| d.proposals).sum();
        if asked == 0 {
            return format!("Nobody ever proposed a framework between {blocs}, under any of the schools.");
        }
        if hits == 0 {
            let alike = if schools.len() > 1 { "the schools together" } else { schools[0].theory.as_str() };
            return format!("No framework between {blocs} formed in any of the {runs} runs of {alike}.");
        }
        let list = schools.iter().map(|d| format!("{} under {}", share(d.framework.0, d.runs), d.theory));
        format!("A framework between {blocs} formed in {}.", listed(list))
    }

    /// The second sentence: how the pair the question is about stands in the first and in the last year.
    fn of_pair(&self) -> String {
        let Some(&pair) = self.followed.first() else { return String::new() };
        let ends = |d: &Digest| {
            let [first, last] = self.ends(d, pair);
            format!("{} to {} under {}", percent(first), percent(last), d.theory)
        };
        let schools = self.schools();
        let neutral = self.digests.iter().find(|d| d.theory == crate::scenario::NEUTRAL);
        let null =
            neutral.filter(|_| !schools.iter().any(|d| d.theory == crate::scenario::NEUTRAL)).map(|d| {
                let [first, last] = self.ends(d, pair);
                format!("; states of no school, the null model, from {} to {}", percent(first), percent(last))
            });
        format!(
            "Cooperation between {} goes from {}, from the first year to the last{}.",
            self.pair(pair),
            listed(schools.iter().map(|d| ends(d))),
            null.unwrap_or_default()
        )
    }

    /// The third sentence: which shock moved that pair most.
    fn of_shocks(&self) -> String {
        if self.followed.is_empty() || !self.world.events.iter().any(|e| e.chart) {
            return String::new();
        }
        let most = self.schools().into_iter().map(|d| match self.moves(d).into_iter().next() {
            Some((label, points, half)) => {
                format!("{label} under {} ({})", d.theory, turned(points, half))
            }
            None => format!("none clear of the noise under {}", d.theory),
        });
        format!("The shock it turned with most is {}.", listed(most))
    }

    /// Shocks around which the followed pair changed by at least two points, clear of the noise; the largest first.
    fn moves(&self, d: &Digest) -> Vec<(&str, f64, f64)> {
        let labels = self.world.events.iter().filter(|e| e.chart).map(|e| e.label.as_str());
        let mut all: Vec<(&str, f64, f64)> = labels
            .zip(&d.around)
            .filter_map(|(label, cells)| {
                let s = cells.first()?;
                let half = if s.n > 1 { s.ci_high - s.mean } else { f64::NAN };
                let clear = half.is_nan() || s.mean.abs() > half;
                (s.mean.abs() >= 0.02 && clear).then_some((label, s.mean, half))
            })
            .collect();
        all.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        all
    }

    /// The paragraph of one population.
    fn paragraph(&self, d: &Digest) -> String {
        let mut text = format!("{}. ", heading(&d.theory));
        if self.world.blocs.is_some() {
            text += &self.asked(d);
        }
        if !self.followed.is_empty() && self.world.events.iter().any(|e| e.chart) {
            let moves = self.moves(d);
            let told = moves
                .iter()
                .take(4)
                .map(|(label, points, half)| format!("{label} ({})", turned(*points, *half)));
            let pair = self.pair(self.followed[0]);
            text += &match moves.is_empty() {
                true => format!("Around no shock does cooperation between {pair} change beyond the noise. "),
                false => format!("Cooperation between {pair} turns most around {}. ", listed(told)),
            };
        }
        text += &self.exits(d);
        text.trim().to_string()
    }

    /// Proposals, refusals on principle and by vote, and who refused, why.
    fn asked(&self, d: &Digest) -> String {
        let hits = d.framework.0;
        if d.proposals == 0 {
            return "There was no proposal of a framework. ".into();
        }
        let a_run = d.proposals as f64 / d.runs.max(1) as f64;
        let when = d
            .framework_date
            .as_ref()
            .filter(|_| hits > 1)
            .map_or(String::new(), |w| format!(", half of them by {w}"));
        let mut text = match hits {
            0 => format!("A framework was proposed {a_run:.1} times a run and never agreed. "),
            _ => format!(
                "A framework was proposed {a_run:.1} times a run and formed in {} of the runs (95% interval {} to {}){when}. ",
                percent(hits as f64 / d.runs.max(1) as f64),
                percent(d.framework.1.0),
                percent(d.framework.1.1),
            ),
        };
        if d.unasked > 0 {
            text += &format!("In {} nobody asked. ", share(d.unasked, d.runs));
        }
        if d.on_principle > 0 {
            let of = percent(d.on_principle as f64 / d.proposals as f64);
            text += &format!(
                "A side refused {of} of the proposals on principle, whatever its members would have voted. "
            );
        }
        if d.refusers.is_empty() {
            return text + "It came to votes, and nobody broke silence. ";
        }
        text + &self.refused(&d.refusers)
    }

    /// Who broke silence and why. Many with one reason are told together.
    fn refused(&self, all: &[Refuser]) -> String {
        let name = |r: &Refuser| self.world.states[r.state].name.as_str();
        let always: Vec<&Refuser> = all.iter().filter(|r| r.share >= 0.995).collect();
        let one = |r: &Refuser| format!("{} in {} of its votes{}", name(r), percent(r.share), why(r.reason));
        if always.len() > 3 {
            let reason = common(always.iter().map(|r| r.reason));
            return format!("{} states always broke silence{}. ", always.len(), why(reason));
        }
        let told: Vec<String> = all
            .iter()
            .take(always.len().max(3))
            .map(|r| if r.share >= 0.995 { format!("{} always{}", name(r), why(r.reason)) } else { one(r) })
            .collect();
        let rest = all.len().saturating_sub(told.len());
        let others = match rest {
            0 => String::new(),
            _ => {
                let reason = common(all.iter().skip(told.len()).map(|r| r.reason));
                format!("; {} less often{}", counted(rest as u64, "other", "others"), why(reason))
            }
        };
        format!("Silence was broken by {}{others}. ", listed(told.into_iter()))
    }

    /// Exits from every body.
    fn exits(&self, d: &Digest) -> String {
        let decides = self.world.organisations.iter().any(|o| !o.renewals.is_empty() || o.voluntary_entry);
        if d.movers.is_empty() {
            return if decides { "Nobody left a body.".into() } else { String::new() };
        }
        let (by_luck, reasoned): (Vec<&Mover>, Vec<&Mover>) =
            d.movers.iter().partition(|m| m.reason == "luck");
        let of = |list: &[&Mover], most: usize, one: &dyn Fn(&Mover) -> String, by: &str| {
            let mut bodies: Vec<usize> = list.iter().map(|m| m.organisation).collect();
            bodies.sort_unstable();
            bodies.dedup();
            let told = bodies.into_iter().map(|body| {
                let mine = list.iter().filter(|m| m.organisation == body);
                let (count, some) =
                    (mine.clone().count(), mine.take(most).map(|m| one(m)).collect::<Vec<_>>());
                let rest = match count - some.len() {
                    0 => String::new(),
                    rest => format!(" and {}", counted(rest as u64, "other", "others")),
                };
                format!("{} {by} {}{rest}", self.world.organisations[body].code, some.join(", "))
            });
            told.collect::<Vec<_>>().join("; ")
        };
        let mut words = Vec::new();
        if !reasoned.is_empty() {
            let one = |m: &Mover| {
                let back =
                    if m.back > 0.0 { format!(", back in {}", percent(m.back)) } else { String::new() };
                let state = &self.world.states[m.state].name;
                format!("{state} in {}{back}{}", percent(m.left), why(m.reason))
            };
            words.push(format!("Exits, in shares of the runs: {}.", of(&reasoned, 3, &one, "is left by")));
        }
        if !by_luck.is_empty() {
            let most = by_luck.iter().map(|m| m.left).fold(0.0, f64::max);
            let one = |m: &Mover| self.world.states[m.state].name.clone();
            let list = of(&by_luck, 2, &one, "loses");
            let each = percent(most);
            words.push(format!(
                "By luck alone, against the odds, in at most {each} of the runs each: {list}."
            ));
        }
        words.join(" ")
    }

    /// A table of the followed pairs: the first and the last year under each population.
    fn watched(&self) -> String {
        if self.followed.len() < 2 {
            return String::new();
        }
        let names: Vec<String> = self.followed.iter().map(|&k| self.pair(k)).collect();
        let room = WIDE.saturating_sub(2 + 13 * self.digests.len());
        let wide = names.iter().map(|n| n.chars().count()).max().unwrap_or(0).min(room.max(20));
        let mut text = "\nCooperation in the first and the last year, share of moves\n".to_string();
        text += &format!("  {:wide$}", "");
        for d in self.digests {
            text += &format!(" {:>12}", clipped(short(&d.theory), 12));
        }
        text.push('\n');
        for (&k, name) in self.followed.iter().zip(&names) {
            text += &format!("  {:wide$}", clipped(name, wide));
            for d in self.digests {
                let [first, last] = self.ends(d, k);
                text += &format!(" {:>12}", format!("{} > {}", percent(first), percent(last)));
            }
            text.push('\n');
        }
        text
    }

    /// Means of a metric over the first and the last year in which it has a value.
    fn ends(&self, d: &Digest, metric: usize) -> [f64; 2] {
        let year = self.world.calendar.per_year().round().max(1.0) as usize;
        let values: Vec<f64> = d.means.iter().map(|m| m[metric]).filter(|x| !x.is_nan()).collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        [mean(&values[..year.min(values.len())]), mean(&values[values.len().saturating_sub(year)..])]
    }

    /// The two sides of a pair in words.
    fn pair(&self, metric: usize) -> String {
        let name = |p: Party| match p {
            Party::State(i) => self.world.states[i].name.clone(),
            Party::Organisation(o) => self.world.organisations[o].code.clone(),
        };
        match self.metrics[metric].kind {
            MetricKind::Cooperation(a, b, _) => format!("{} and {}", name(a), name(b)),
            _ => self.metrics[metric].name.replace('_', " "),
        }
    }

    /// The wide table, for the file: means a year after each shock, for each followed metric and population.
    pub fn table(&self) -> String {
        let calendar = self.world.calendar;
        let year = calendar.per_year().round() as usize;
        let mut text = String::from("\nCooperation a year after each shock, means over runs\n");
        let shown: Vec<usize> = (0..self.metrics.len())
            .filter(|&k| {
                self.followed.contains(&k)
                    || matches!(self.metrics[k].kind, MetricKind::Cooperation(Party::Organisation(a), Party::Organisation(b), crate::model::Weighting::Stake)
                        if a == b && self.world.blocs.is_some_and(|x| x.contains(&a)))
            })
            .collect();
        let events = self.world.events.iter().filter(|e| e.chart);
        let mut rows = vec![("at the start".to_string(), 0)];
        rows.extend(events.map(|e| {
            (format!("{} {}", calendar.label(e.step), e.label), (e.step + year).min(calendar.steps - 1))
        }));
        rows.push(("at the end".to_string(), calendar.steps - 1));
        for d in self.digests {
            text += &format!("\n{}\n  {:34}", heading(&d.theory), "");
            for &k in &shown {
                text += &format!(" {:>14}", self.metrics[k].name.replace("cooperation_", ""));
            }
            text.push('\n');
            for (label, step) in &rows {
                text += &format!("  {:34}", clipped(label, 34));
                for &k in &shown {
                    let x = d.means[*step][k];
                    text += &format!(" {:>14}", if x.is_nan() { "-".into() } else { format!("{x:.2}") });
                }
                text.push('\n');
            }
        }
        text
    }
}

/// A population as the beginning of a paragraph.
fn heading(theory: &str) -> String {
    let null = NULLS.iter().find(|n| n.0 == theory);
    match null {
        Some((_, words, _)) => format!("{theory} (null model: {words})"),
        None => {
            let mut letters = theory.chars();
            letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
        }
    }
}

/// A population for a narrow column: a school without its ending.
fn short(theory: &str) -> &str {
    if SCHOOLS.contains(&theory) && theory.chars().count() > 12 {
        theory.strip_suffix("ism").unwrap_or(theory)
    } else {
        theory
    }
}

/// A reason in brackets. Luck is called luck.
fn why(reason: &str) -> String {
    match reason {
        "" => String::new(),
        "luck" => " (by luck, against the odds)".into(),
        "given" => " (as given)".into(),
        term => format!(" ({term})"),
    }
}

/// The most frequent text.
fn common<'a>(all: impl Iterator<Item = &'a str>) -> &'a str {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for reason in all {
        match counts.iter_mut().find(|c| c.0 == reason) {
            Some(c) => c.1 += 1,
            None => counts.push((reason, 1)),
        }
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0))).map_or("", |c| c.0)
}

/// A change in points with half its interval.
fn turned(change: f64, half: f64) -> String {
    let way = if change < 0.0 { "down" } else { "up" };
    let points = (100.0 * change.abs()).round();
    let spread = if half.is_nan() { String::new() } else { format!(" ±{:.0}", (100.0 * half).ceil()) };
    format!("{way} {points:.0}{spread} points")
}

fn percent(x: f64) -> String {
    if x.is_nan() { "-".into() } else { format!("{:.0}%", 100.0 * x) }
}

/// How many of how many runs.
fn share(hits: u64, runs: u64) -> String {
    match hits {
        h if h == runs && runs > 1 => format!("all {runs} runs"),
        0 => "no run".into(),
        h => format!("{h} of {runs} runs"),
    }
}

fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = items.collect();
    let last = all.pop().unwrap_or_default();
    if all.is_empty() { last } else { format!("{} and {last}", all.join(", ")) }
}

fn clipped(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// A text in lines of at most [`WIDE`] characters, each with `indent` before it and an end.
fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut line = indent.to_string();
    for word in text.split_whitespace() {
        let long = line.chars().count() + 1 + word.chars().count() > WIDE;
        if long && line.len() > indent.len() {
            out += &line;
            out.push('\n');
            line = indent.to_string();
        }
        if line.len() > indent.len() {
            line.push(' ');
        }
        line += word;
    }
    out + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_longer_than_the_measure_and_lose_no_word() {
        let text = "Þórður og Жуков agree ".repeat(40);
        let lines = wrapped(&text, "");
        assert!(lines.lines().all(|l| l.chars().count() <= WIDE), "{lines}");
        assert!(lines.lines().count() > 7);
        assert_eq!(lines.split_whitespace().count(), text.split_whitespace().count());
    }

    #[test]
    fn luck_is_called_luck_and_a_null_model_has_no_reason() {
        assert_eq!(why("luck"), " (by luck, against the odds)");
        assert_eq!(why(""), "");
        assert_eq!(why("lack of we-feeling"), " (lack of we-feeling)");
        assert_eq!(common(["a", "b", "b"].into_iter()), "b");
    }

    #[test]
    fn changes_are_told_in_points_with_their_spread() {
        assert_eq!(turned(-0.204, 0.011), "down 20 ±2 points");
        assert_eq!(turned(0.05, f64::NAN), "up 5 points");
        assert_eq!(listed(["a", "b", "c"].map(String::from).into_iter()), "a, b and c");
    }
}
