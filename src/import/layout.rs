//! The layouts the field publishes in, known by their headers, and the terms each comes under.

use super::table::Table;

/// A layout the importer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// Correlates of War, National Material Capabilities: one row a state and year.
    Nmc,
    /// V-Dem, country and year.
    Vdem,
    /// Ideal points of Bailey, Strezhnev and Voeten: one row a state and session of the General Assembly.
    IdealPoints,
    /// SIPRI, the sheet "Share of GDP": one row a country, one column a year.
    Sipri,
    /// World Bank, one indicator: one row a country, one column a year.
    WorldBank,
    /// Correlates of War, Direct Contiguity: one row a pair and spell.
    Contiguity,
    /// ATOP, member level: one row a member and phase of an alliance.
    Atop,
    /// Capitals with the spell each was one.
    Capitals,
}

/// What there is to say about a layout.
#[derive(Debug)]
pub struct Dataset {
    /// The layout.
    pub layout: Layout,
    /// Its name, as written into `source`.
    pub name: &'static str,
    /// Columns that only it has; the second list is a second form of it.
    pub needs: [&'static [&'static str]; 2],
    /// What it gives a state.
    pub gives: &'static str,
    /// Under which terms it may be used, as far as known, and whom to cite.
    pub terms: &'static str,
}

/// All layouts.
pub const DATASETS: &[Dataset] = &[
    Dataset {
        layout: Layout::Nmc,
        name: "CoW NMC",
        needs: [&["ccode", "year", "cinc"], &[]],
        gives: "capability",
        terms: "free for research with citation (Singer, Bremer & Stuckey 1972; Singer 1987)",
    },
    Dataset {
        layout: Layout::Vdem,
        name: "V-Dem",
        needs: [&["country_text_id", "year", "v2x_polyarchy"], &[]],
        gives: "regime",
        terms: "CC BY-SA 4.0: name V-Dem (Coppedge et al.), share alike",
    },
    Dataset {
        layout: Layout::IdealPoints,
        name: "UNGA ideal points",
        needs: [&["ccode", "session", "IdealPointAll"], &[]],
        gives: "alignment",
        terms: "CC0; cite Bailey, Strezhnev & Voeten 2017",
    },
    Dataset {
        layout: Layout::Sipri,
        name: "SIPRI Milex",
        needs: [&["Country"], &[]],
        gives: "burden",
        terms: "not for commercial use; less than 10 per cent of a data set may be passed on; cite SIPRI",
    },
    Dataset {
        layout: Layout::WorldBank,
        name: "World Bank WDI",
        needs: [&["Country Name", "Country Code", "Indicator Code"], &[]],
        gives: "gdp",
        terms: "CC BY 4.0: name the World Bank, World Development Indicators",
    },
    Dataset {
        layout: Layout::Contiguity,
        name: "CoW Direct Contiguity",
        needs: [
            &["ccode1", "ccode2", "conttype", "stdate", "enddate"],
            &["statelno", "statehno", "conttype", "begin", "end"],
        ],
        gives: "borders",
        terms: "free for research with citation (Stinnett et al. 2002)",
    },
    Dataset {
        layout: Layout::Atop,
        name: "ATOP member level",
        needs: [&["atopid", "member", "yrent", "yrexit", "defense"], &[]],
        gives: "members of alliances",
        terms: "free for research with citation (Leeds et al. 2002)",
    },
    Dataset {
        layout: Layout::Capitals,
        name: "capitals",
        needs: [&["ccode", "stdate", "enddate", "lat", "lng"], &["state", "lat", "lon"]],
        gives: "capital",
        terms: "places are facts; a whole table may have terms of its own",
    },
];

/// The layout whose columns `header` has.
pub(super) fn recognise(header: &[String]) -> Option<&'static Dataset> {
    let has = |needs: &[&str]| {
        !needs.is_empty() && needs.iter().all(|n| header.iter().any(|h| h.eq_ignore_ascii_case(n)))
    };
    let years = header.iter().filter(|h| year(h).is_some()).count();
    DATASETS
        .iter()
        .find(|d| d.needs.iter().any(|needs| has(needs)) && (d.layout != Layout::Sipri || years >= 3))
}

/// Whether this is the file of Correlates of War alliances by member, which is named to be refused.
pub(super) fn is_cow_alliances(header: &[String]) -> bool {
    header.iter().any(|h| h.eq_ignore_ascii_case("version4id")) && header.iter().any(|h| h == "mem_st_year")
}

/// The name and version of the data in `table`, as far as the file says them.
pub(super) fn version(dataset: &Dataset, table: &Table) -> String {
    let name = dataset.name;
    let unsaid = || format!("{name} (version not said in the file)");
    match dataset.layout {
        Layout::WorldBank => table
            .preface
            .iter()
            .find(|line| line.first().is_some_and(|f| f == "Last Updated Date"))
            .and_then(|line| line.get(1))
            .map_or_else(unsaid, |date| format!("{name} of {date}")),
        Layout::Sipri => {
            let years = || table.header.iter().filter_map(|h| year(h));
            match (years().min(), years().max()) {
                (Some(a), Some(b)) => format!("{name} {a}-{b}"),
                _ => unsaid(),
            }
        }
        Layout::Nmc | Layout::Atop => {
            let column = table.column("version");
            let said = column
                .and_then(|c| table.rows().find_map(|r| r.ok().and_then(|r| r.get(c).map(str::to_string))));
            match said.as_deref() {
                // NMC 6.0 writes the year it came out
                Some("2021") if dataset.layout == Layout::Nmc => format!("{name} v6.0"),
                Some(v) if !v.is_empty() => format!("{name} v{v}"),
                _ => unsaid(),
            }
        }
        Layout::Capitals => name.to_string(),
        Layout::Vdem | Layout::IdealPoints | Layout::Contiguity => unsaid(),
    }
}

/// A heading that is a year, as in `1990`, `1990 [YR1990]` or `1990.0`.
pub(super) fn year(heading: &str) -> Option<i32> {
    let (first, rest) = heading.trim().split_at_checked(4)?;
    let bare = rest.is_empty() || rest == ".0" || rest.starts_with(" [YR");
    first.parse().ok().filter(|y| bare && (1000..=2999).contains(y))
}
