//! Notes the commit the program is built from, if it is built in a checkout.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=.git/HEAD");
    println!("cargo:rerun-if-changed=.git/refs/heads");
    println!("cargo:rerun-if-changed=build.rs");
    let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output();
    if let Some(hash) =
        output.ok().filter(|o| o.status.success()).and_then(|o| String::from_utf8(o.stdout).ok())
    {
        println!("cargo:rustc-env=TWAIN_COMMIT={}", hash.trim());
    }
}
