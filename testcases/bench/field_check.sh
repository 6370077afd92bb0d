#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The field study of docs/field-study.md, again: `field_check.sh BUILD [PACKAGE...]`. Fetches Debian source packages,
# configures them as their own build system does, and runs `gordian check` on all of their compile_commands.json. For
# each: the number of units, processor time beside clang -fsyntax-only, and the findings (BUILD/field/PACKAGE.txt and
# .sarif). As root it installs what the packages need to be configured; else it says what is missing.
set -euo pipefail
build=$(readlink -f "${1:?usage: field_check.sh BUILD [PACKAGE...]}")
shift
here=$(dirname "$(readlink -f "$0")")
work=$build/field
mkdir -p "$work/lists/partial"

readonly needs="bear dpkg-dev libevent-dev zlib1g-dev libbz2-dev libsnappy-dev libgtest-dev libcurl4-openssl-dev
libssl-dev libexpat1-dev uuid-dev libgnutls28-dev tcl-dev bison flex autoconf automake libtool pkg-config make cmake"

# Names of Debian source packages; `configure_NAME` makes a compile_commands.json in the current folder.
readonly all="memcached redis pbzip2 leveldb zeromq3 mosquitto libuv1 sqlite3 apr unbound libmicrohttpd"

configure_memcached() { ./configure -q && bear -- make -s -j"$(nproc)"; }
configure_redis() { bear -- make -s -j"$(nproc)" MALLOC=libc; }
configure_pbzip2() { bear -- make -s; }
configure_leveldb() { with_cmake -DLEVELDB_BUILD_TESTS=OFF -DLEVELDB_BUILD_BENCHMARKS=OFF; }
configure_zeromq3() { with_cmake -DBUILD_TESTS=OFF -DWITH_PERF_TOOL=OFF; }

configure_mosquitto() { with_cmake -DDOCUMENTATION=OFF; }
configure_libuv1() { with_cmake; }
configure_sqlite3() { ./configure -q --disable-tcl && bear -- make -s -j"$(nproc)" sqlite3.o shell.o sqlite3; }
configure_apr() { ./configure -q && bear -- make -s -j"$(nproc)"; }
configure_unbound() { ./configure -q --with-pthreads && bear -- make -s -j"$(nproc)"; }
configure_libmicrohttpd() { ./configure -q && bear -- make -s -j"$(nproc)"; }

# Generated headers need the build, too.
with_cmake() {
  cmake -S . -B build -G "Unix Makefiles" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@"
  cmake --build build -j"$(nproc)"
  cp build/compile_commands.json .
}

# apt-get with a source list of our own: whether the machine has deb-src lines does not matter.
apt() {
  apt-get -q -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::Lists="$work/lists" -o APT::Sandbox::User=root "$@"
}

fetch() {
  local package=$1
  [ -d "$work/$package" ] && return
  (cd "$work" && apt source --download-only "$package" && dpkg-source -x "$package"_*.dsc "$package")
}

prepare() {
  local missing=()
  for package in $needs; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing+=("$package")
  done
  if [ "${#missing[@]}" -gt 0 ]; then
    [ "$(id -u)" -eq 0 ] || { echo "field_check: install first: ${missing[*]}" >&2; exit 2; }
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"
  fi
  local release
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && echo "$VERSION_CODENAME")
  printf 'deb-src http://deb.debian.org/debian %s main\ndeb-src http://deb.debian.org/debian-security %s-security main\n' \
    "$release" "$release" >"$work/sources.list"
  apt update
}

study() {
  local package=$1 version status=0
  version=$(sed -n 's/^Version: //p' "$work/$package"_*.dsc)
  printf '\n## %s %s\n\n' "$package" "$version"
  if [ ! -f "$work/$package/compile_commands.json" ]; then
    (cd "$work/$package" && "configure_$package") >"$work/$package.log" 2>&1 ||
      { echo "does not build: see $work/$package.log"; return; }
  fi
  "$here/check_cost.py" "$build" "$work/$package" --rounds 1
  (cd "$work/$package" && "$build/bin/gordian" check -p . --format text -o "$work/$package.txt" \
    --format sarif -o "$work/$package.sarif") || status=$?
  printf '\n%s findings (exit status %s): %s\n' \
    "$(python3 "$here/count_findings.py" "$work/$package.sarif")" "$status" "$work/$package.txt"
}

prepare >"$work/prepare.log" 2>&1 || { cat "$work/prepare.log"; exit 2; }
for package in "${@:-$all}"; do
  for name in $package; do # the default is one word with spaces
    if fetch "$name" >>"$work/prepare.log" 2>&1; then
      study "$name"
    else
      printf '\n## %s\n\nits source cannot be fetched: see %s\n' "$name" "$work/prepare.log"
    fi
  done
done
