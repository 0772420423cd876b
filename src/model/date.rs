//! Dates and the calendar of a run.

use std::fmt;

/// A month, counted from January of year 0. Days are read and dropped: no step is shorter than a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i32);

impl Date {
    /// The month `month` (1 to 12) of `year`.
    pub fn new(year: i32, month: i32) -> Self {
        Date(year * 12 + month - 1)
    }

    /// Reads `1999`, `1999Q2`, `1999-04` or `1999-04-24`; `None` if it is none of these.
    ///
    /// ```
    /// use twain::model::date::Date;
    /// let spring = Date::parse("1999Q2").expect("a date");
    /// assert_eq!((spring.year(), spring.decimal()), (1999, 1999.25));
    /// assert!(Date::parse("1999Q5").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (year, rest) = text.split_at_checked(4)?;
        if !year.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        if rest.is_empty() {
            return Some(Date::new(year, 1));
        }
        // digits alone: no sign, no space
        let digits = |text: &str| -> Option<i32> {
            let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| text.parse().ok()).flatten()
        };
        if let Some(quarter) = rest.strip_prefix(['Q', 'q']) {
            let quarter = digits(quarter)?;
            return (1..=4).contains(&quarter).then(|| Date::new(year, quarter * 3 - 2));
        }
        let mut parts = rest.strip_prefix('-')?.split('-');
        let month = digits(parts.next()?)?;
        if let Some(day) = parts.next() {
            let day = digits(day)?;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let days = match month {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            if !(1..=days).contains(&day) {
                return None;
            }
        }
        (parts.next().is_none() && (1..=12).contains(&month)).then(|| Date::new(year, month))
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// Decimal years: 1999.25 is the start of the second quarter of 1999.
    pub fn decimal(self) -> f64 {
        f64::from(self.0) / 12.0
    }

    /// `months` later.
    pub fn plus(self, months: i32) -> Self {
        Date(self.0 + months)
    }

    /// Months from `earlier` to `self`.
    pub fn months_since(self, earlier: Date) -> i32 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

/// The length of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepLength {
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// Twelve months.
    Year,
}

impl StepLength {
    /// Months in a step.
    pub fn months(self) -> i32 {
        match self {
            StepLength::Month => 1,
            StepLength::Quarter => 3,
            StepLength::Year => 12,
        }
    }

    /// The word used in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            StepLength::Month => "month",
            StepLength::Quarter => "quarter",
            StepLength::Year => "year",
        }
    }
}

/// The steps of a run: step 0 holds `start`, the last step holds `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// First month of step 0.
    pub start: Date,
    /// Length of a step.
    pub step: StepLength,
    /// Number of steps.
    pub steps: usize,
}

impl Calendar {
    /// The calendar from `start` to `end` (both included), or `None` if it would be empty.
    pub fn new(start: Date, end: Date, step: StepLength) -> Option<Self> {
        let first = Date(start.0.div_euclid(step.months()) * step.months());
        let steps = end.months_since(first).div_euclid(step.months()) + 1;
        (steps > 0).then_some(Calendar { start: first, step, steps: steps as usize })
    }

    /// First month of step `index`.
    pub fn date(&self, index: usize) -> Date {
        self.start.plus(index as i32 * self.step.months())
    }

    /// The step that holds `date`; negative before the start.
    pub fn index(&self, date: Date) -> i64 {
        i64::from(date.months_since(self.start).div_euclid(self.step.months()))
    }

    /// The step that holds `date`, if it lies in the run.
    pub fn step_of(&self, date: Date) -> Option<usize> {
        usize::try_from(self.index(date)).ok().filter(|&s| s < self.steps)
    }

    /// Steps in a year.
    pub fn per_year(&self) -> f64 {
        12.0 / f64::from(self.step.months())
    }

    /// The label of step `index`: `1999Q2`, `1999-04` or `1999`.
    pub fn label(&self, index: usize) -> String {
        let date = self.date(index);
        match self.step {
            StepLength::Month => date.to_string(),
            StepLength::Quarter => format!("{}Q{}", date.year(), (date.month() - 1) / 3 + 1),
            StepLength::Year => date.year().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_in_four_forms() {
        for (text, year, month) in
            [("1999", 1999, 1), ("1999Q2", 1999, 4), ("1999-05", 1999, 5), ("2000-02-29", 2000, 2)]
        {
            let date = Date::parse(text).expect(text);
            assert_eq!((date.year(), date.month()), (year, month), "{text}");
        }
        for text in ["99", "1999Q5", "1999-13", "1999-02-29", "1999-04-31", "soon", "1999Q", "1999-4-1-1"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_calendar_counts_both_ends() {
        let c = Calendar::new(Date::new(1991, 12), Date::new(2011, 12), StepLength::Quarter).unwrap();
        assert_eq!((c.steps, c.label(0).as_str(), c.label(80).as_str()), (81, "1991Q4", "2011Q4"));
        assert_eq!(c.step_of(Date::new(1999, 3)), Some(29));
        assert!(Calendar::new(Date::new(2000, 1), Date::new(1999, 12), StepLength::Year).is_none());
    }
}
