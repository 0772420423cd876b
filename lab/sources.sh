#!/usr/bin/env bash
# Prints one hash of the sources that the laboratory's engine is built from; comments and tests do not count.
set -euo pipefail
cd "$(dirname "$0")/.."
{
  find src -name '*.rs' | LC_ALL=C sort |
    grep -vE '^src/(cli/|import/|report/|main\.rs|chart/(duel|ecology|engine|evolution|gradient|landscape|picture|tournament)\.rs|experiment/(contest|sweep)|lab/page\.rs)' |
    while read -r file; do sed -e '/^#\[cfg(test)\]/,$d' -e '/^ *\/\//d' "$file"; done
  cat src/chart/texts/en.toml lab/src/*.rs lab/Cargo.toml lab/Cargo.lock
} | sha256sum | cut -d' ' -f1
