//! The reference pages say what the code says.

/// `docs/reference.md` is made from the registries of keys, parameters and columns. To make it anew:
/// `TWAIN_BLESS=1 cargo test --test suite reference`.
#[test]
fn the_reference_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference.md");
    let fresh = twain::report::reference::page();
    if std::env::var_os("TWAIN_BLESS").is_some() {
        std::fs::write(path, &fresh).expect("the reference can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == fresh,
        "docs/reference.md is out of date: TWAIN_BLESS=1 cargo test --test suite reference"
    );
}
