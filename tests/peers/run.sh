#!/usr/bin/env bash
# Holds twain against programs of the field: runs every other script of this folder and fails if one fails.
# TWAIN names the program (default: target/release/twain, built if missing). Python packages come from PyPI.
set -uo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${TWAIN:-}" ]; then
  [ -x target/release/twain ] || cargo build --release || exit 1
  TWAIN=target/release/twain
fi
TWAIN=$(realpath "$TWAIN")
export TWAIN
# a bare Debian has no Python that can make environments
if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv >/dev/null
fi
failed=()
for script in tests/peers/*.sh; do
  [ "$(basename "$script")" = run.sh ] && continue
  printf '\n-- %s\n' "$script"
  bash "$script" || failed+=("$script")
done
[ "${#failed[@]}" = 0 ] || { echo "failed: ${failed[*]}"; exit 1; }
