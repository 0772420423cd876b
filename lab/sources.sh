#!/usr/bin/env bash
# Prints one hash of the sources that the laboratory's engine is built from; comments and tests do not count, nor what only the
# native build has.
set -euo pipefail
cd "$(dirname "$0")/.."
native='^src/(cli/|import/|report/|main\.rs|chart/(duel|ecology|evolution|gradient|landscape|sweep|tournament)/|chart/(engine|picture)\.rs|experiment/(contest|sweep)|lab/page\.rs)'
{
  find src -name '*.rs' | LC_ALL=C sort | grep -vE "$native" |
    while read -r file; do sed -e '/^#\[cfg(test)\]/,$d' -e '/^ *\/\//d' "$file"; done
  find src/chart -name '*.toml' | LC_ALL=C sort | grep -vE "$native" | xargs cat
  cat lab/src/*.rs lab/Cargo.toml lab/Cargo.lock lab/build.sh
  # what the crate is built with
  sed -n '/^\[dependencies\]/,/^\[dev-dependencies\]/p' Cargo.toml
} | sha256sum | cut -d' ' -f1
