#!/usr/bin/env bash
# Builds the laboratory's engine into src/lab/engine/ and notes the sources it was built from. Where rustup cannot add the
# target, Debian's packages rustc-web, cargo-web, rust-web-src and lld serve: set TWAIN_WEB=debian.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's/^wasm-bindgen = "=\(.*\)"/\1/p' lab/Cargo.toml)
export RUSTFLAGS="-C target-feature=+simd128 --remap-path-prefix=$PWD=/twain --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
target=lab/target/wasm32-unknown-unknown/release/twain_lab.wasm
if [ "${TWAIN_WEB:-rustup}" = debian ]; then
  RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=/usr/bin/wasm-ld \
    /usr/bin/cargo build --manifest-path lab/Cargo.toml -Z build-std=std,panic_abort --target wasm32-unknown-unknown --release
else
  rustup target list --installed | grep -q wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
  cargo build --manifest-path lab/Cargo.toml --target wasm32-unknown-unknown --release
fi
bindgen=$(command -v wasm-bindgen || true)
if [ -z "$bindgen" ] || [ "$("$bindgen" --version)" != "wasm-bindgen $version" ]; then
  cargo install --quiet wasm-bindgen-cli --version "$version" --root lab/target/tools
  bindgen=lab/target/tools/bin/wasm-bindgen
fi
"$bindgen" --target no-modules --no-typescript --remove-name-section --remove-producers-section \
  --out-dir lab/target/bound --out-name engine "$target"
mkdir -p src/lab/engine
gzip -9nc lab/target/bound/engine_bg.wasm > src/lab/engine/engine.wasm.gz
cp lab/target/bound/engine.js src/lab/engine/engine.js
lab/sources.sh > src/lab/engine/sources.sha256
ls -l src/lab/engine
