//! The rooms of the crate stand on floors: a room uses what stands below it, never what stands above.

use std::collections::BTreeSet;
use std::path::Path;

/// From the ground up. Rooms on one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["math"],
    &["random", "interval", "payoffs"],
    &["organisation", "theory"],
    &["model"],
    &["game"],
    &["scenario"],
    &["output"],
    &["experiment", "import"],
    &["analysis"],
    &["chart"],
    &["report"],
    &["lab"],
    &["cli"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|f| f.contains(&room))
}

/// What was found in the code: uses counted, which room uses which, and uses that go up.
#[derive(Default)]
struct Found {
    seen: usize,
    uses: BTreeSet<(String, String)>,
    wrong: Vec<String>,
}

fn visit(folder: &Path, room: Option<&str>, found: &mut Found) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let room = room.unwrap_or(&name);
        if path.is_dir() {
            visit(&path, Some(room), found);
            continue;
        }
        if path.extension().is_none_or(|e| e != "rs") || ["main", "lib"].contains(&room) {
            continue;
        }
        let here = floor(room).unwrap_or_else(|| panic!("{room} has no floor in this test"));
        let text = std::fs::read_to_string(&path).expect("text");
        let code = text.replace("#![cfg(test)]", "#[cfg(test)]");
        let code = code.split("#[cfg(test)]").next().unwrap_or("");
        for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
            for part in line.split("crate::").skip(1) {
                let used: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(there) = floor(&used) else { continue };
                found.seen += 1;
                if used != room && there >= here {
                    found.wrong.push(format!("{} uses {used}: {}", path.display(), line.trim()));
                }
                if used != room {
                    found.uses.insert((room.to_string(), used));
                }
            }
        }
    }
}

fn look() -> Found {
    let mut found = Found::default();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), None, &mut found);
    found
}

#[test]
fn rooms_use_only_what_stands_below_them() {
    let found = look();
    assert!(found.seen > 100, "only {} uses were found", found.seen);
    assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
}

/// The picture: a row for each room from the top, a column for each from the ground, a cross where the row uses the column.
fn picture(found: &Found) -> String {
    let columns: Vec<&str> = FLOORS.iter().flat_map(|f| f.iter().copied()).collect();
    let width = columns.iter().map(|r| r.len()).max().unwrap_or(0);
    let used = |room: &str| found.uses.iter().any(|(_, u)| u == room);
    let columns: Vec<&str> = columns.into_iter().filter(|r| used(r)).collect();
    let line =
        |name: &str, cells: Vec<String>| format!("{name:width$}  {}", cells.join(" ")).trim_end().to_string();
    let mut rows = vec![line("uses", columns.iter().map(|c| c.to_string()).collect())];
    for floor in FLOORS.iter().rev() {
        rows.push("-".repeat(rows[0].len()));
        for room in *floor {
            let mark = |column: &&str| {
                let sign =
                    if found.uses.contains(&(room.to_string(), column.to_string())) { "x" } else { "" };
                format!("{sign:^len$}", len = column.len())
            };
            rows.push(line(room, columns.iter().map(mark).collect()));
        }
    }
    format!("```text\n{}\n```", rows.join("\n"))
}

/// `docs/architecture.md` shows the rooms as they are. To draw them anew: `TWAIN_BLESS=1 cargo test --test suite structure`.
#[test]
fn the_picture_of_the_rooms_is_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/architecture.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let (open, close) = ("<!-- rooms: made by tests/structure.rs -->\n", "<!-- end of rooms -->");
    let (before, rest) = page.split_once(open).expect("the place of the picture");
    let (_, after) = rest.split_once(close).expect("the end of the picture");
    let fresh = format!("{before}{open}{}\n{close}{after}", picture(&look()));
    if std::env::var_os("TWAIN_BLESS").is_some() {
        std::fs::write(path, &fresh).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(path).expect("the page");
    assert!(
        kept == fresh,
        "docs/architecture.md is out of date: TWAIN_BLESS=1 cargo test --test suite structure"
    );
}
