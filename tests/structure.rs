//! The rooms of the crate stand on floors: a room uses what stands below it, never what stands above.

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
    &["cli"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|f| f.contains(&room))
}

fn visit(folder: &Path, room: Option<&str>, seen: &mut usize, wrong: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let room = room.unwrap_or(&name);
        if path.is_dir() {
            visit(&path, Some(room), seen, wrong);
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
                *seen += 1;
                if used != room && there >= here {
                    wrong.push(format!("{} uses {used}: {}", path.display(), line.trim()));
                }
            }
        }
    }
}

#[test]
fn rooms_use_only_what_stands_below_them() {
    let (mut seen, mut wrong) = (0, Vec::new());
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), None, &mut seen, &mut wrong);
    assert!(seen > 100, "only {seen} uses were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
