#!/bin/bash
# tests/windows.sh: by hand, on Linux. Builds the executable for Windows, runs
# it under wine and compares it with the native program: the same bytes on
# standard output, the same exit codes, the same files written.
#
# The machine is made ready (compiler, std for Windows, wine) by a script that
# takes the folder of a crate; SYNCDRIFT_BUILD_WINDOWS names it. Without it the
# test says that it is skipped. SYNCDRIFT_NATIVE may name a native program that
# is built already; SYNCDRIFT_WINDOWS_DIR a folder to build in.
set -euo pipefail
cd "$(dirname "$0")/.."

TOOL=${SYNCDRIFT_BUILD_WINDOWS:-}
if [ ! -f "$TOOL" ]; then
  echo "skipped: SYNCDRIFT_BUILD_WINDOWS does not name a script that makes the machine ready"
  exit 0
fi
export W=${SYNCDRIFT_WINDOWS_DIR:-${TMPDIR:-/tmp}/syncdrift-windows}
mkdir -p "$W/stub/src" "$W/out"
export WINEPREFIX=$W/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=;winemenubuilder.exe="
export SOURCE_DATE_EPOCH=1795219200

native() {
  if [ -z "${SYNCDRIFT_NATIVE:-}" ]; then
    cargo build --quiet
    SYNCDRIFT_NATIVE=${CARGO_TARGET_DIR:-target}/debug/syncdrift
  fi
  NATIVE=$(realpath "$SYNCDRIFT_NATIVE")
}

# The script also tests the crate it is given; an empty one is tested at once.
machine() {
  printf '[package]\nname = "stub"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' > "$W/stub/Cargo.toml"
  echo 'fn main() {}' > "$W/stub/src/main.rs"
  CARGO_TARGET_DIR=$W/stub-target bash "$TOOL" "$W/stub"
}

executable() {
  # A std built from source on the spot has no bitcode to link and unwinds when it panics.
  RUSTC=/usr/bin/rustc CARGO_TARGET_DIR=$W/target CARGO_PROFILE_RELEASE_PANIC=unwind CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS="-C link-arg=-Wl,--no-insert-timestamp" \
    /usr/bin/cargo build --quiet --release --target x86_64-pc-windows-gnu
  EXE=$W/target/x86_64-pc-windows-gnu/release/syncdrift.exe
}

TESTS=0
FAILED=0
verdict() { # NAME, then whether it holds
  TESTS=$((TESTS + 1))
  if [ "$2" = yes ]; then echo "ok      $1"; else echo "FAILED  $1"; FAILED=$((FAILED + 1)); fi
}

# Runs both with the same arguments; stdout and exit code must be the same, and so must stderr unless told otherwise.
same() { # NAME ARGUMENTS...
  local name=$1 left=0 right=0 equal=yes
  shift
  "$NATIVE" "$@" > "$W/out/native" 2> "$W/out/native.err" || left=$?
  /usr/lib/wine/wine64 "$EXE" "$@" > "$W/out/windows" 2> "$W/out/windows.err" || right=$?
  [ "$left" = "$right" ] || { equal=no; echo "        exit codes $left and $right"; }
  cmp "$W/out/native" "$W/out/windows" || equal=no
  [ -n "${ANY_STDERR:-}" ] || cmp "$W/out/native.err" "$W/out/windows.err" || equal=no
  verdict "$name (exit $left, $(stat -c %s "$W/out/native") bytes)" "$equal"
}

cases() {
  local pair=(samples/primary samples/staging) zip=$W/out/SYNC02.zip
  same "text" compare "${pair[@]}"
  same "JSON" compare "${pair[@]}" --format json
  same "everything" compare "${pair[@]}" -v
  same "summary" compare "${pair[@]}" --summary
  same "the other way round" compare samples/staging samples/primary --format json
  same "accepted drift" compare "${pair[@]}" --accept samples/accepted.toml --format json
  same "threshold" compare "${pair[@]}" --fail-on block --exit-zero
  same "one server twice" compare samples/primary samples/primary
  same "one server over time" compare samples/primary samples/primary --same-server --format json
  for sample in samples/*/; do
    [ -d "$sample/GlobalSettings" ] && same "$sample" compare samples/primary "${sample%/}" --same-server --format json
  done
  rm -f "$zip"
  (cd samples/staging && python3 -m zipfile -c "$zip" ./*)
  (cd "$W/out" && rm -rf samples && cp -r "$OLDPWD/samples" .)
  cd "$W/out"
  same "a .zip as staging" compare samples/primary SYNC02.zip --format json
  same "a .zip as primary, text" compare SYNC02.zip samples/primary
  same "a long path" compare samples/primary "$(long)" --format json
  same "blanks and letters" compare samples/primary "Ünï çode/SYNC 02" --format json
  ANY_STDERR=1 same "no such folder" compare samples/primary nowhere
  ANY_STDERR=1 same "no export" compare samples/primary empty
  head -c 5000 SYNC02.zip > cut.zip
  same "a .zip cut off" compare samples/primary cut.zip
  damaged
  same "a damaged document" compare samples/primary damaged --format json
  same "a damaged document, text" compare samples/primary damaged
  written
  # Folders under the names that Windows writes; only the name of the source may differ.
  slashes
  cd - > /dev/null
  same "explain" explain --list
  same "explain a finding" explain rule-scoping-filter --format markdown
  same "schema" schema report
}

long() {
  local path=long
  for _ in 1 2 3 4 5 6 7; do path=$path/a-folder-whose-name-is-long-enough-to-pass-the-old-limit; done
  mkdir -p "$path" "Ünï çode" empty
  rm -rf "$path/SYNC02" "Ünï çode/SYNC 02"
  cp -r samples/staging "$path/SYNC02"
  cp -r samples/staging "Ünï çode/SYNC 02"
  echo "$path/SYNC02"
}

damaged() {
  rm -rf damaged
  cp -r samples/staging damaged
  local file
  for file in damaged/SynchronizationRules/*; do
    truncate -s 900 "$file"
    break
  done
  : > damaged/Connectors/empty.xml
}

written() {
  rm -f native.json windows.json native.toml windows.toml
  "$NATIVE" compare samples/primary samples/staging -o native.json --write-accept native.toml -q > /dev/null || true
  /usr/lib/wine/wine64 "$EXE" compare samples/primary samples/staging -o windows.json --write-accept windows.toml -q \
    > /dev/null || true
  local equal=yes
  cmp native.json windows.json || equal=no
  cmp native.toml windows.toml || equal=no
  # Over an existing file, and nothing beside it.
  /usr/lib/wine/wine64 "$EXE" compare samples/primary samples/staging -o windows.json -q > /dev/null || true
  cmp native.json windows.json || equal=no
  ls -A | grep -q '\.tmp$' && equal=no
  verdict "files written" "$equal"
}

slashes() {
  "$NATIVE" compare samples/primary samples/staging --format json > native || true
  /usr/lib/wine/wine64 "$EXE" compare 'samples\primary' '.\samples\staging\' --format json > windows || true
  local equal=yes
  diff <(grep -v '"source"' native) <(grep -v '"source"' windows) || equal=no
  verdict "back slashes" "$equal"
  grep -qF '\\' <(grep -v '"source"' windows | grep '"file"\|"path"') && equal=no
  verdict "files are named with / below the source" "$equal"
}

native
machine
executable
cases
/usr/lib/wine/wineserver -k || true # this prefix's processes, no others
echo "$((TESTS - FAILED)) passed, $FAILED failed"
[ "$FAILED" = 0 ]
