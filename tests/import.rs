//! `twain import`: codes with dates, the layouts of the field (with invented rows), gaps, fills, mistakes, and the worked case.

use std::path::{Path, PathBuf};

use crate::common::{bad, good};
use tempfile::TempDir;

/// A folder with small invented files in the layouts of the field: Germany and its neighbours about 1990.
struct Place {
    folder: TempDir,
}

const NMC: &str = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n\
    GFR,260,1989,100,1,1,1,1,1,0.021,2021\n\
    GFR,260,1990,100,1,1,1,1,1,0.022,2021\n\
    GMY,255,1990,100,1,1,1,1,1,0.025,2021\n\
    GMY,255,1992,100,1,1,1,1,1,0.026,2021\n\
    POL,290,1989,100,1,1,1,1,1,0.011,2021\n\
    POL,290,1990,-9,1,1,1,1,1,0.012,2021\n\
    POL,290,1992,100,1,1,1,1,1,0.013,2021\n\
    RUS,365,1989,100,1,1,1,1,1,0.14,2021\n\
    RUS,365,1991,100,1,1,1,1,1,0.1,2021\n\
    RUS,365,1992,100,1,1,1,1,1,0.07,2021\n";
const VDEM: &str = "country_name,country_text_id,year,COWcode,v2x_polyarchy\n\
    Germany,DEU,1989,260,0.9\nGermany,DEU,1990,260,0.9\nGermany,DEU,1992,255,0.91\n\
    Poland,POL,1989,290,0.4\nPoland,POL,1990,290,0.6\nPoland,POL,1992,290,0.8\n\
    Russia,RUS,1989,365,0.2\nRussia,RUS,1991,365,0.3\nRussia,RUS,1992,365,0.4\n";
const IDEAL: &str = "\"\",\"ccode\",\"session\",\"NVotesAll\",\"IdealPointAll\",\"iso3c\"\n\
    \"1\",260,44,90,1.9,\"DEU\"\n\"2\",260,45,90,1.8,\"DEU\"\n\"3\",255,47,90,1.7,\"DEU\"\n\
    \"4\",290,44,90,-1,\"POL\"\n\"5\",290,45,12,0.1,\"POL\"\n\"6\",290,47,90,0.9,\"POL\"\n\
    \"7\",365,44,90,-2,\"RUS\"\n\"8\",365,46,90,0.1,\"RUS\"\n\"9\",365,47,90,0.2,\"RUS\"\n";
const GDP: &str = "\u{feff}\"Data Source\",\"World Development Indicators\",\n\n\"Last Updated Date\",\"2020-01-01\",\n\n\
    \"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"1989\",\"1990\",\"1991\",\"1992\",\n\
    \"Germany\",\"DEU\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",\"1500000000000\",\"1600000000000\",\"\",\"1800000000000\",\n\
    \"Poland\",\"POL\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",\"\",\"66000000000\",\"\",\"94000000000\",\n\
    \"Russian Federation\",\"RUS\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",\"500000000000\",\"510000000000\",\"\",\"460000000000\",\n";
const SIPRI: &str = "Military expenditure by country as percentage of gross domestic product,,,,,\n\
    Figures in blue are estimates,,,,,\n,,,,,\n\
    Country,Notes,1989,1990,1991,1992\nEurope,,,,,\n\
    Germany,1,0.028,0.027,...,2.0%\nPoland,,0.02,...,0.022,0.021\nUSSR,,0.12,0.12,xxx,xxx\nRussia,,xxx,xxx,xxx,0.047\n";
const CONTIGUITY: &str = "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version\n\
    255290,255,GMY,290,POL,1,191811,193909,,3.2\n255290,255,GMY,290,POL,1,199010,201612,,3.2\n\
    260290,260,GFR,290,POL,0,195505,199010,,3.2\n290365,290,POL,365,RUS,1,194506,201612,,3.2\n";
const CAPITALS: &str = "ccode,statenme,capital,stdate,enddate,lat,lng\n\
    255,Germany,Berlin,1990-10-03,2016-12-31,52.5,13.4\n260,German Federal Republic,Bonn,1949-09-21,1990-10-02,50.7,7.1\n\
    290,Poland,Warsaw,1918-11-03,2016-12-31,52.2,21\n365,Russia,Moscow,1918-03-12,2016-12-31,55.8,37.6\n";
const ATOP: &str = "atopid,member,yrent,moent,dayent,yrexit,moexit,dayexit,phase,defense,version\n\
    3285,290,1955,5,14,1991,7,1,0,1,5\n3285,365,1955,5,14,1991,7,1,0,1,5\n\
    9001,260,1960,1,1,1990,10,3,1,1,5\n9001,255,1990,10,3,0,0,0,1,1,5\n9001,290,1989,2,1,0,0,0,1,0,5\n";

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let place = Place { folder };
        for (name, text) in [
            ("nmc.csv", NMC),
            ("vdem.csv", VDEM),
            ("ideal.csv", IDEAL),
            ("gdp.csv", GDP),
            ("sipri.csv", SIPRI),
            ("contdir.csv", CONTIGUITY),
            ("capitals.csv", CAPITALS),
            ("atop.csv", ATOP),
        ] {
            place.write(name, text);
        }
        place
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).expect("written by the import")
    }

    /// The command for the usual seven files and `more`.
    fn words(&self, files: &[&str], more: &[&str]) -> Vec<String> {
        let mut words = vec!["import".to_string()];
        words.extend(files.iter().map(|f| self.path(f)));
        words.extend(["--name", "it", "--out"].map(str::to_string));
        words.push(self.folder.path().display().to_string());
        words.extend(more.iter().map(|m| m.replace('@', &format!("{}/", self.folder.path().display()))));
        words
    }

    fn good(&self, files: &[&str], more: &[&str]) -> String {
        let words = self.words(files, more);
        good(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn bad(&self, files: &[&str], more: &[&str]) -> String {
        let words = self.words(files, more);
        bad(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

const ALL: &[&str] =
    &["nmc.csv", "vdem.csv", "ideal.csv", "gdp.csv", "sipri.csv", "contdir.csv", "capitals.csv", "atop.csv"];

fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "expected {line:?} in:\n{text}");
    }
}

#[test]
fn germany_and_poland_from_seven_files() {
    let place = Place::new();
    let said = place.good(
        ALL,
        &["--states", "DEU,POL", "--years", "1989,1990,1992", "--start", "1989", "--code", "DEU.1990=260"],
    );
    has(
        &said,
        &["is sound", "states       2", "16 steps of a quarter", "CC BY-SA 4.0", "less than 10 per cent"],
    );
    let states = place.read("states/it.toml");
    has(
        &states,
        &[
            "[state.DEU]\nname = \"Germany\"\ncapital = [50.7, 7.1]   # Bonn",
            "capability = { 1989 = 0.021, 1990 = 0.022, 1992 = 0.026 }   # CoW NMC v6.0",
            "gdp = { 1989 = 1500, 1990 = 1600, 1992 = 1800 }   # World Bank WDI of 2020-01-01",
            "burden = { 1989 = 2.8, 1990 = 2.7, 1992 = 2 }   # SIPRI Milex 1989-1992",
            "alignment = { 1989 = 1.9, 1990 = 1.8, 1992 = 1.7 }",
            "habit = 0.5   # judgement",
            "gdp = { 1990 = 66, 1992 = 94 }",
            "alignment = { 1989 = -1, 1992 = 0.9 }",
            "source = \"",
        ],
    );
    assert!(!states.contains("borders"), "West Germany and Poland did not touch in 1989:\n{states}");
    let log = place.read("it.import.log");
    has(
        &log,
        &[
            "gap       POL gdp 1989: empty field at gdp.csv:7",
            "gap       POL burden 1990: `...` at sipri.csv:7",
            "gap       POL alignment 1990: rests on 12 votes, fewer than 15 at ideal.csv:6",
            "judgement DEU 1990: figures under number 260 are taken for it",
            "judgement habit: 0.5",
            "note      DEU: the capital moves from Bonn to Berlin on 1990-10-03; Bonn is written",
            "note      the World Bank's Germany before 1991 has the East in it",
            "terms     SIPRI Milex: not for commercial use",
        ],
    );
}

#[test]
fn two_codes_in_one_year_are_refused_unless_one_is_picked() {
    let place = Place::new();
    let more = ["--states", "DEU,POL", "--years", "1990,1992"];
    let said = place.bad(ALL, &more);
    has(
        &said,
        &[
            "a second `capability` of DEU in 1990",
            "nmc.csv:3",
            "nmc.csv:4:28",
            "--code DEU.1990=260 or --code DEU.1990=255",
        ],
    );
    place.good(ALL, &[&more[..], &["--code", "DEU.1990=255", "--start", "1990-12"]].concat());
    has(&place.read("states/it.toml"), &["1990 = 0.025", "Berlin", "borders = [\"POL\"]"]);
}

#[test]
fn a_successor_does_not_inherit_silently() {
    let place = Place::new();
    let files: Vec<&str> = ALL.iter().copied().filter(|f| *f != "sipri.csv").collect();
    let more = ["--states", "RUS,POL", "--years", "1989,1992", "--give", "RUS.burden=5"];
    place.good(&files, &more);
    let states = place.read("states/it.toml");
    has(
        &states,
        &[
            "capability = { 1992 = 0.07 }",
            "burden = 5   # judgement",
            "gdp = { 1992 = 460 }",
            "from = \"1991-12-26\"",
        ],
    );
    has(
        &place.read("it.import.log"),
        &[
            "RUS 1989: gdp.csv has a row, but RUS was no state then; not used",
            "RUS 1989: no state then, no figures",
        ],
    );
    place.good(&files, &[&more[..], &["--code", "RUS.1989=365", "--force"]].concat());
    has(
        &place.read("states/it.toml"),
        &["capability = { 1989 = 0.14, 1992 = 0.07 }", "gdp = { 1989 = 500, 1992 = 460 }"],
    );
    has(&place.read("it.import.log"), &["judgement RUS 1989: figures under number 365 are taken for it"]);
    let said = place.bad(&files, &["--states", "SUN,POL", "--years", "1992"]);
    has(&said, &["SUN is a state from before 1945 to 1991-12-25"]);
}

#[test]
fn a_gap_is_filled_only_when_asked_and_under_its_own_year() {
    let place = Place::new();
    let more = ["--states", "POL,DEU", "--code", "DEU.1990=255", "--years", "1990,1992"];
    place.good(ALL, &more);
    has(&place.read("states/it.toml"), &["burden = { 1992 = 2.1 }"]);
    place.good(ALL, &[&more[..], &["--fill", "1", "--force"]].concat());
    // of two years as near, the earlier
    has(&place.read("states/it.toml"), &["burden = { 1989 = 2, 1992 = 2.1 }"]);
    has(
        &place.read("it.import.log"),
        &["fill      POL burden 1990: `...` at sipri.csv:7; the value of 1989 is written under 1989 (2)"],
    );
}

#[test]
fn spending_over_gdp_stands_in_for_a_missing_burden_and_says_so() {
    let place = Place::new();
    let files: Vec<&str> = ALL.iter().copied().filter(|f| *f != "sipri.csv").collect();
    let nmc = NMC.replace("POL,290,1992,100,", "POL,290,1992,1880000,");
    place.write("nmc.csv", &nmc);
    let more = ["--states", "POL,DEU", "--code", "DEU.1990=255", "--years", "1990,1992"];
    place.good(&files, &more);
    has(
        &place.read("states/it.toml"),
        &["burden = { 1992 = 2 }   # spending of CoW NMC v6.0 over GDP of World Bank"],
    );
    has(&place.read("it.import.log"), &["judgement burden: spending of", "gap       POL burden 1990"]);
    place.write("nmc.csv", &nmc.replace("1880000", "188000000"));
    let said = place.bad(&files, &[&more[..], &["--force"]].concat());
    has(
        &said,
        &[
            "`burden` of POL in 1992 comes to 200, outside 0 to 50",
            "nmc.csv:8:14",
            "--give POL.burden.1992=VALUE",
        ],
    );
}

#[test]
fn any_table_with_a_state_a_year_and_a_value() {
    let place = Place::new();
    let files: Vec<&str> = ALL.iter().copied().filter(|f| *f != "gdp.csv").collect();
    let more = ["--states", "DEU,POL", "--years", "1992", "--read", "gdp=@own.csv:usd*0.001"];
    for header in ["ccode", "gwno", "iso3", "country", "stateabb", "state"] {
        let (germany, poland) = match header {
            "ccode" => ("255", "290"),
            "gwno" => ("260", "290"),
            "country" => ("germany", "Poland"),
            "stateabb" => ("GMY", "POL"),
            _ => ("DEU", "POL"),
        };
        place.write("own.csv", &format!("{header};year;usd;source\n{germany};1992;1800000;Somebody 1993\n{poland};1992;94000;Somebody 1993\n"));
        place.good(&files, &[&more[..], &["--force"]].concat());
        has(
            &place.read("states/it.toml"),
            &["gdp = { 1992 = 1800 }   # Somebody 1993", "gdp = { 1992 = 94 }"],
        );
    }
    place.write("own.csv", "state,year,usd\nGMY,1992,1800000\n");
    has(&place.bad(&files, &more), &["unknown state `GMY`", "own.csv:2:1", "Germany is DEU in ISO letters"]);
    place.write("own.csv", "state,year,usd\n255,1992,1800000\n");
    has(&place.bad(&files, &more), &["own.csv:2:1", "is called ccode"]);
    place.write("own.csv", "state,year,usd\nDEU,1992,\"1,8\"\n");
    has(
        &place.bad(&files, &more),
        &["`1,8` in column `usd` is not a number", "own.csv:2:10", "decimal point"],
    );
    place.write("own.csv", "state,year,eur\nDEU,1992,1\n");
    has(&place.bad(&files, &more), &["no column `usd`", "own.csv:1:1", "known here: state, year, eur"]);
    place.write("own.csv", "land,jahr,usd\nDEU,1992,1\n");
    has(&place.bad(&files, &more), &["no header with a state and a year", "own.csv:1:1"]);
}

#[test]
fn members_come_from_atop_or_from_a_list() {
    let place = Place::new();
    let more = ["--states", "DEU,POL", "--years", "1992", "--body", "PACT=9001"];
    place.good(ALL, &more);
    // 260 leaves on the day 255 enters: one member, that signed first and never left
    has(
        &place.read("organisations/it.toml"),
        &[
            "[organisation.PACT]",
            "members = { DEU = \"1960-01-01\" }",
            "decision = \"consensus\"   # judgement",
        ],
    );
    has(
        &place.read("it.import.log"),
        &[
            "note      PACT: POL signed without a duty to defend and is left out",
            "judgement organisation PACT",
        ],
    );
    let ended = [&more[..more.len() - 1], &["PACT=3285", "--start", "1991", "--force"]].concat();
    place.good(ALL, &ended);
    has(&place.read("organisations/it.toml"), &["members = { POL = [[\"1955-05-14\", \"1991-07-01\"]] }"]);
    let wrong = ["--states", "DEU,POL", "--years", "1992", "--body", "PACT=77"];
    has(&place.bad(ALL, &wrong), &["no alliance 77", "atop.csv:1:1", "3285, 9001"]);
    place.write("club.csv", "state,from,until,source\nDEU,1991-05,,the charter\nFRA,1991-05,,the charter\nPOL,1991-06-01,,the charter\n");
    let listed = ["--states", "DEU,POL", "--years", "1992", "--body", "CLUB=@club.csv", "--force"];
    place.good(ALL, &listed);
    has(
        &place.read("organisations/it.toml"),
        &[
            "members = { DEU = \"1991-05\", POL = \"1991-06-01\" }",
            "source = \"the charter; all but the dates is a judgement\"",
        ],
    );
    has(
        &place.read("it.import.log"),
        &["CLUB: members not asked for are left out: FRA", "atop.csv was not used"],
    );
    place.write("club.csv", "state,from\nDEU,May 1991\n");
    has(&place.bad(ALL, &listed), &["`May 1991` is not a date", "club.csv:2:5"]);
    place.write("club.csv", "state,from\nDEU,1991\nDEU,1992\n");
    has(&place.bad(ALL, &listed), &["DEU is still a member then", "club.csv:3:1"]);
}

#[test]
fn every_bad_file_gets_one_error_with_its_place() {
    let place = Place::new();
    let more = ["--states", "POL,DEU", "--years", "1992"];
    let with = |name: &str, text: &str| {
        let place = Place::new();
        place.write(name, text);
        place.bad(ALL, &more)
    };
    has(
        &with("nmc.csv", &NMC.replace("290,1992", "290,nineteen")),
        &["`nineteen` in column `year` is not a whole number", "nmc.csv:8:9"],
    );
    has(
        &with("nmc.csv", &NMC.replace("0.013", "much")),
        &["`much` in column `cinc` is not a number", "nmc.csv:8:28", "or -9"],
    );
    has(
        &with("nmc.csv", &NMC.replace("0.013", "13")),
        &["`capability` of POL in 1992 comes to 13, outside 0 to 1", "nmc.csv:8:28"],
    );
    has(
        &with("nmc.csv", &NMC.replace(",1,0.013,2021", "")),
        &["this row has 8 fields, the header 11", "nmc.csv:8"],
    );
    has(
        &with("gdp.csv", &GDP.replace("MKTP.CD\",\"\",\"66", "MKTP.KD\",\"\",\"66")),
        &["`NY.GDP.MKTP.KD` is not GDP in current US dollars", "gdp.csv:7"],
    );
    has(
        &with("sipri.csv", &SIPRI.replace("0.021", "2.1")),
        &["`burden` of POL in 1992 comes to 210", "sipri.csv:7"],
    );
    has(
        &with("vdem.csv", "a,b\n1,2\n"),
        &["the columns of vdem.csv are of no layout known", "vdem.csv:1:1", "--read"],
    );
    has(&with("vdem.csv", NMC), &["both nmc.csv and vdem.csv are CoW NMC"]);
    has(
        &with("vdem.csv", "\"country_text_id\",\"year\",\"v2x_polyarchy\"\n\"POL,1992,0.8\n"),
        &["not closed on its line", "vdem.csv:2:1"],
    );
    has(
        &with("contdir.csv", &CONTIGUITY.replace("199010,201612", "soon,201612")),
        &["`soon` is not a day", "contdir.csv:3"],
    );
    has(
        &with("atop.csv", "version4id,ccode,mem_st_year\n1,2,3\n"),
        &["alliances of Correlates of War", "member level of ATOP"],
    );
    has(&with("vdem.csv", ""), &["vdem.csv is empty"]);
    has(&place.bad(&["nmc.csv", "absent.csv"], &more), &["absent.csv: no such file"]);
    std::fs::write(place.folder.path().join("vdem.csv"), b"country,year\nT\xfcrkiye,1992\n")
        .expect("written");
    has(&place.bad(ALL, &more), &["vdem.csv:2:2", "not text in UTF-8", "iconv"]);
    std::fs::write(place.folder.path().join("vdem.csv"), b"PK\x03\x04rest").expect("written");
    has(&place.bad(ALL, &more), &["a packed file or a workbook"]);
}

#[test]
fn what_no_file_gives_is_an_error_that_says_how_to_give_it() {
    let place = Place::new();
    let more = ["--states", "POL,DEU", "--years", "1992"];
    has(
        &place.bad(&["nmc.csv"], &more),
        &["no file gives `gdp` (billion US dollars) of POL", "World Bank", "--read gdp=FILE"],
    );
    place.write("vdem.csv", &VDEM.replace("Poland,POL,1992,290,0.8\n", ""));
    has(
        &place.bad(ALL, &more),
        &["vdem.csv has no `regime` of POL for 1992", "--fill YEARS", "--give POL.regime=VALUE"],
    );
    place.good(ALL, &[&more[..], &["--give", "POL.regime.1992=0.75"]].concat());
    has(&place.read("states/it.toml"), &["regime = { 1992 = 0.75 }", "judgement: 1992"]);
    has(&place.read("it.import.log"), &["judgement POL regime 1992: 0.75 by hand"]);
    place.write("capitals.csv", "state,lat,lon\nDEU,52.5,13.4\n");
    has(
        &place.bad(ALL, &[&more[..], &["--give", "POL.regime=0.8", "--force"]].concat()),
        &["no file gives the capital of POL"],
    );
}

#[test]
fn what_is_typed_is_checked_before_any_file_is_read() {
    let place = Place::new();
    let bad = |more: &[&str], words: &[&str]| has(&place.bad(&["absent.csv"], more), words);
    bad(&["--states", "GMY", "--years", "1992"], &["unknown state `GMY`", "Germany is DEU"]);
    bad(&["--states", "POL,POL", "--years", "1992"], &["POL is named twice"]);
    bad(&["--states", "POL,DEU", "--years", "soon"], &["--years soon does not name years", "1995-2010/5"]);
    bad(&["--states", "POL,DEU", "--years", "1992", "--end", "1990"], &["before it starts"]);
    bad(&["--states", "POL,DEU", "--years", "1992", "--give", "POL.regimes=1"], &["did you mean `regime`?"]);
    bad(&["--states", "POL,DEU", "--years", "1992", "--give", "FRA.regime=1"], &["--give speaks of `FRA`"]);
    bad(&["--states", "POL,DEU", "--years", "1992", "--code", "POL=1"], &["does not pick a code"]);
    bad(&["--states", "POL,DEU", "--years", "1992", "--body", "X"], &["does not name a body"]);
    bad(
        &["--states", "POL,DEU", "--years", "1992", "--read", "habit=x.csv"],
        &["`habit` is not a figure of a state by year"],
    );
    bad(&["--states", "POL,DEU", "--years", "1992", "--cite", "x.csv=X"], &["--cite speaks of `x.csv`"]);
}

#[test]
fn nothing_is_replaced_without_force() {
    let place = Place::new();
    std::fs::create_dir(place.folder.path().join("states")).expect("a folder");
    place.write("states/it.toml", "precious");
    let said = place.bad(ALL, &["--states", "POL,DEU", "--years", "1992"]);
    has(&said, &["states/it.toml exists; give --force"]);
    assert_eq!(place.read("states/it.toml"), "precious");
    assert!(!place.folder.path().join("it.toml").exists(), "nothing else is written");
}

/// Splits a command line at spaces that are not inside quotation marks.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("one").push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// The shipped second case is what the tutorial's commands make: every command in it runs, and every line shown is printed.
#[test]
fn the_worked_case_is_made_by_its_tutorial() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/own-data.md")).expect("the tutorial");
    let folder = TempDir::new().expect("a folder");
    let out: PathBuf = folder.path().join("mine");
    let (mut inside, mut command, mut printed, mut ran) = (false, String::new(), String::new(), 0);
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if !inside {
        } else if let Some(start) = line.strip_prefix("$ ") {
            command = start.to_string();
        } else if command.ends_with('\\') {
            command = format!("{} {}", command.trim_end_matches('\\').trim_end(), line.trim());
        } else if line != "..." && !line.is_empty() {
            assert!(printed.lines().any(|l| l == line), "not printed: {line}\nbut:\n{printed}");
        }
        if inside && !command.is_empty() && !command.ends_with('\\') {
            let typed = command.replace(" mine", &format!(" {}", out.display()));
            let words = words(&typed);
            printed = good(&words.iter().skip(1).map(String::as_str).collect::<Vec<_>>())
                .replace(&out.display().to_string(), "mine");
            ran += 1;
            command.clear();
        }
    }
    assert!(ran >= 4, "only {ran} commands found");
    let made = std::fs::read_to_string(out.join("states/asean.toml")).expect("made");
    let kept = std::fs::read_to_string(root.join("scenarios/states/asean.toml")).expect("kept");
    assert!(made == kept, "scenarios/states/asean.toml is not what the tutorial makes:\n{made}");
    let members = |path: PathBuf| {
        let text = std::fs::read_to_string(path).expect("an organisation");
        text.lines().find(|l| l.starts_with("members")).expect("members").to_string()
    };
    assert_eq!(
        members(out.join("organisations/asean.toml")),
        members(root.join("scenarios/organisations/asean.toml"))
    );
}
