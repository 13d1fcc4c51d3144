# What the scripts share: the root folder, how to speak, and how to get what is missing. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # for those who source this
products=$root/.build/release

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }

# die STATUS MESSAGE: statuses follow sysexits(3).
die() {
  local status=$1
  shift
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "$status"
}

# The comment at the top of a script is its help.
usage() { sed -n '2,/^$/{/^#/s/^# \{0,1\}//p}' "$0"; }

# need_packages build|test|lab: installs the apt packages that are missing; exits 69 with the line to type when it may not.
need_packages() {
  command -v dpkg-query >/dev/null || { note "no dpkg here: see scripts/lib/packages.txt for what must be installed"; return; }
  local name purpose missing=()
  while read -r name purpose; do
    [[ $name == \#* || -z $name ]] && continue
    [[ $1 == build && $purpose != build ]] && continue
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
  done <"$root/scripts/lib/packages.txt"
  [[ ${#missing[@]} -eq 0 ]] && return
  note "installing ${missing[*]}"
  local admin=()
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null || { [[ ! -t 0 ]] && ! sudo -n true 2>/dev/null; }; then
      die 69 "packages are missing; install them with: sudo apt-get install -y ${missing[*]}"
    fi
    admin=(sudo)
  fi
  if ! { "${admin[@]}" apt-get update -qq && "${admin[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }; then
    die 69 "apt-get failed; install by hand: apt-get install -y ${missing[*]}"
  fi
}

# The compiler comes from swift.org; we only say so.
need_swift() {
  command -v swift >/dev/null || die 69 "Swift 6.2 or newer is missing; get it from https://www.swift.org/install/linux/"
}
