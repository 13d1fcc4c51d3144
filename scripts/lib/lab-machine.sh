# The lab's virtual machine: what it is given, how it runs, and what is made of its results. Sourced, never run.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root, lab, kernel, release, runs, filters, image and products come from those who source this

# get_image: the guest's archive, made anew when kernel, scripts or its programs changed; prints where it is.
get_image() {
  local key file
  key=$({ cat "$root"/scripts/lab.d/{init,modules} "$root"/scripts/lib/lab-*.sh; dpkg-query -W v4l-utils alsa-utils ustreamer bash grep; } |
    sha256sum | head -c 16)
  file=$lab/guest-$release-$key.cpio
  if [[ ! -e $file ]]; then
    rm -f "$lab"/guest-*.cpio
    build_image "$file.new"
    mv "$file.new" "$file"
  fi
  printf '%s\n' "$file"
}

# get_programs: the test program and ffmpeg with their libraries, in one folder that the guest reads.
get_programs() {
  local tests=$products/pumpkiiPackageTests.xctest
  [[ -x $tests ]] || die 70 "$tests is not built"
  mkdir -p "$lab/programs"
  cc -O2 -o "$lab/programs/cputime" "$root/Benchmarks/AgentBench/cputime.c"
  parts "$tests" "$products"/pumpkii{,-relay} "$(program ffmpeg)" "$(program ffprobe)" "$(program amixer)" | xargs cp -uLt "$lab/programs"
  # What a machine needs that sleeps, and for that time has no share.
  parts "$tests" "$(program amixer)" | sed 's#.*/##' >"$lab/tests.parts"
}

# parts PROGRAM…: the programs and their libraries; the loader itself stands in the guest.
parts() {
  printf '%s\n' "$@"
  ldd "$@" | grep -oE '/[^ :]+ \(' | sed 's/ ($//' | grep -v '/ld-linux' | sort -u
}

# run_group NAME SECONDS SUITES: boots a machine for these suites and counts what they say.
run_group() {
  local name=$1 seconds=$2 suites=${3// /|} share=$runs/$1 begun filter
  filter="LabTests\\.($suites)/"
  if [[ ${#filters[@]} -gt 0 ]]; then
    # A machine is only booted for what somebody asked for.
    filter=$(chosen "$filter") || return 0
  fi
  say "Lab: $name"
  rm -rf "$share"
  mkdir -p "$share/kept"
  printf '%s\n' "$filter" >"$share/filter"
  cp "$root/scripts/lab.d/run.sh" "$share/run.sh"
  cp "$lab/tests.parts" "$share/programs"
  mkdir "$share/scripts"
  cp -r "$root/scripts/demo" "$root/scripts/lib" "$root/scripts/lab.d" "$share/scripts/"
  [[ $name != power ]] || touch "$share/sleeps"
  begun=$SECONDS
  boot "$share" "$seconds"
  judge "$share" "$seconds"
  # Readings that scenarios took: for people, no limits.
  [[ ! -e $share/kept/readings ]] || sed 's/^/   /' "$share/kept/readings"
  note "$((SECONDS - begun)) s; what it left: ${share#"$root"/}"
}

# chosen FILTER: the tests of this group that a person's words match, as one expression; fails where there are none. The
# program's own names of tests go on behind these with file and line.
chosen() {
  local words tests
  words=$(IFS='|' && printf '%s' "${filters[*]}")
  tests=$(all_tests | grep -E "$1" | grep -E "$words") || return 1
  sed -e 's/[][()._\\*+?{}|^$]/\\&/g' -e 's/^/^/' -e 's/$/(\/|$)/' <<<"$tests" | paste -sd'|'
}

# all_tests: every test of the lab by its full name.
all_tests() {
  [[ -e $lab/tests.txt && $lab/tests.txt -nt $products/pumpkiiPackageTests.xctest ]] ||
    "$products/pumpkiiPackageTests.xctest" --testing-library swift-testing --list-tests 2>/dev/null |
    grep -E '^LabTests\.' >"$lab/tests.txt" || true
  cat "$lab/tests.txt"
}

# boot SHARE SECONDS: runs the machine to its end. TCG by name: where KVM is there but does not work, qemu does not
# fall back to it.
boot() {
  timeout --kill-after=5 "$2" "$(program qemu-system-x86_64)" -accel tcg,thread=multi,tb-size=512 -M q35 -cpu max \
    -m 2048 -smp 2 -nodefaults -no-user-config -nographic -no-reboot -kernel "$kernel/vmlinux" -initrd "$image" \
    -append "console=ttyS0 quiet panic=-1 suspend.pm_test_delay=1" -serial "file:$1/serial.log" \
    -virtfs "local,path=$1,mount_tag=share,security_model=none,multidevs=remap" \
    -virtfs "local,path=$lab/programs,mount_tag=programs,security_model=none,readonly=on,multidevs=remap" \
    </dev/null >"$1/qemu.log" 2>&1 || true
}

# judge SHARE SECONDS: prints each test's result and counts it; what began and did not end has failed too.
judge() {
  local log=$1/out.log before=$((passed + failed)) name missing reason="the machine was ended after $2 seconds"
  touch "$log"
  results_for_people <"$log"
  passed=$((passed + $(results '^✔ Test .* passed after' "$log")))
  failed=$((failed + $(results '^✘ Test .* failed after' "$log")))
  [[ ! -e $1/rc ]] || reason="the test program ended with status $(<"$1/rc")"
  while read -r name; do
    printf '✘ Test %s failed after all: %s\n' "$name" "$reason"
    failed=$((failed + 1))
  done < <(unfinished "$log")
  if [[ ! -e $1/rc ]]; then
    note "$reason; its last words:"
    tail -qn 4 "$1/serial.log" "$1/qemu.log" | sed 's/^/   /'
  fi
  missing=$(($(all_tests | grep -cE "$(<"$1/filter")") + before - passed - failed - $(results '^➜ Test .* skipped' "$log")))
  if [[ $missing -gt 0 ]]; then
    printf '✘ Test run failed after all: %s tests never began: %s\n' "$missing" "$reason"
    failed=$((failed + missing))
  fi
}

# results_for_people: each test's line, and under a failure what the test says of it.
results_for_people() {
  awk '/ Test run with [0-9]|^✘ Suite/ { words = 0; next }
    /^✔ Test / { words = 0; print }
    /^✘/ { words = 12; print; next }
    /^↳ [^\/]/ || /^ / { if (words-- > 0) print "   " substr($0, 1, 1000); next }
    { words = 0 }'
}

# results PATTERN LOG: matching lines, that about the whole run left out.
results() { grep -aE "$1" "$2" | grep -avcE '^. Test run with' || true; }

# unfinished LOG: tests that began and never ended.
unfinished() {
  comm -23 <(sed -nE 's/^◇ Test (.*) started\.$/\1/p' "$1" | grep -v '^case passing\|^run$' | sort -u) \
    <(sed -nE 's/^[✔✘➜] Test (.*) (with [0-9]+ test cases? )?(passed|failed) after.*/\1/p; s/^➜ Test (.*) skipped.*/\1/p' "$1" |
      sed -E 's/ with [0-9]+ test cases?$//' | sort -u)
}

# check_groups: a suite that stands in no group would never run, and nobody would notice.
check_groups() {
  local suite
  while read -r suite; do
    grep -v '^#' "$groups" | grep -qw "$suite" && continue
    printf '✘ Test %s failed after all: no line of scripts/lab.d/groups names it\n' "$suite"
    failed=$((failed + 1))
  done < <(all_tests | sed -nE 's/^LabTests\.([A-Za-z]+)\/.*/\1/p' | sort -u)
}
