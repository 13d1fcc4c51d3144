# The steps of scripts/demo, so that the script itself reads as the story. Sourced, never run.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root, products, out, seconds, source … are the script's

# The five flags of the main job; the demonstration allows them, or denies them where it is told to.
flags=(sensor.camera sensor.microphone share.video share.audio share.photo)

# What is named on the command line is looked at before anything starts.
need_flag() { [[ " ${flags[*]} " == *" $1 "* ]] || die 64 "--deny knows no flag \"$1\"; it knows ${flags[*]}"; }
need_file() { [[ -f $1 && -r $1 ]] || die 66 "there is no file $1 that can be read"; }
need_camera() { [[ $1 != /* || -c $1 ]] || die 66 "there is no camera $1; \`pumpkii devices\` lists what there is"; }

# check_profile: of a profile that is no profile the program says what is wrong, before a relay is started for it.
check_profile() {
  [[ -z $profile ]] || pumpkii devices check "$profile" >"$out/logs/profile.log" 2>&1 ||
    die 66 "the profile cannot be used: $(tail -n 1 "$out/logs/profile.log")"
}

# A home of its own for each program, and an end for each process, whatever happens.
begin_scratch() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/pumpkii-demo.XXXXXX")
  relay="" agent="" watching="" pairing=""
  trap end_scratch EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

end_scratch() {
  local status=$? process
  for process in $watching $pairing $agent $relay; do stop "$process" TERM; done
  [[ $status -eq 0 ]] || note "it stopped with status $status; the logs are in $out/logs"
  rm -rf "$scratch"
}

# For calls that end by themselves; what runs in the background is started by its path, so that $! is the program's own.
pumpkii() { "$products/pumpkii" "$@"; }

# stop PID SIGNAL: asks, waits twenty seconds, insists. Does nothing to what has ended.
stop() {
  [[ -n $1 ]] && kill -0 "$1" 2>/dev/null || return 0
  kill "-$2" "$1" 2>/dev/null || return 0
  wait_for_end "$1" 20 || kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

# wait_for_end PID SECONDS
wait_for_end() {
  local tries=$(($2 * 20))
  while kill -0 "$1" 2>/dev/null; do
    [[ $((tries--)) -gt 0 ]] || return 1
    sleep 0.05
  done
}

# wait_for_text FILE SECONDS PID: until the file has something in it; fails when the process that writes it has ended.
wait_for_text() {
  local tries=$(($2 * 20))
  until [[ -s $1 ]]; do
    [[ $((tries--)) -gt 0 ]] && kill -0 "$3" 2>/dev/null || return 1
    sleep 0.05
  done
}

# wait_for_opened SECONDS: until something opened at the guest.
wait_for_opened() {
  local tries=$(($1 * 20))
  until grep -qs '"event":"opened"' "$out/viewer.jsonl"; do
    [[ $((tries--)) -gt 0 ]] && kill -0 "$watching" 2>/dev/null || return 1
    sleep 0.05
  done
}

# value KEY: of a flat JSON object on standard input.
value() { sed -n "s/.*\"$1\" *: *\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }

until_second() { while [[ $((SECONDS - begun)) -lt $1 ]] && kill -0 "$watching" 2>/dev/null; do sleep 0.1; done; }

start_relay() {
  "$products/pumpkii-relay" init --home "$scratch/relay" >"$out/logs/relay-init.log"
  pin=$(grep -oE '[0-9a-f]{64}' "$out/logs/relay-init.log" | head -n 1)
  [[ -n $pin ]] || die 70 "pumpkii-relay init printed no pin"
  "$products/pumpkii-relay" serve --home "$scratch/relay" --listen 127.0.0.1:0 --port-file "$scratch/port" \
    --ledger "$out/relay.jsonl" >"$out/logs/relay.log" 2>&1 &
  relay=$!
  wait_for_text "$scratch/port" 30 "$relay" || die 70 "the relay did not start; see $out/logs/relay.log"
  url=https://127.0.0.1:$(<"$scratch/port")
  note "$url, pinned by ${pin:0:16}…"
}

# create_account NAME: sets the variable of that name to the account's id. The answer holds the paper key: no log gets it.
create_account() {
  local answer
  answer=$(pumpkii account create --home "$scratch/$1" --relay "$url" --pin "$pin" --json)
  printf -v "$1" '%s' "$(value account <<<"$answer")"
  [[ -n ${!1} ]] || die 70 "pumpkii account create gave no account"
  value client <<<"$answer" >"$out/logs/$1-client"
  # Nothing leaves a camera before its owner accepted the terms and the honest limits.
  pumpkii account terms --home "$scratch/$1" --accept --acknowledge-risk >"$out/logs/$1-terms.log" 2>&1 ||
    die 70 "the terms could not be accepted; see $out/logs/$1-terms.log"
  note "$1 ${!1:0:8}…"
}

pair_camera() {
  "$products/pumpkii" agent pair --home "$scratch/agent" --relay "$url" --pin "$pin" --json \
    >"$out/logs/pair.log" 2>"$out/logs/pair-errors.log" &
  pairing=$!
  wait_for_text "$out/logs/pair.log" 30 "$pairing" || die 70 "the camera offers no pairing; see $out/logs/pair-errors.log"
  local code
  code=$(value code <"$out/logs/pair.log")
  note "the camera shows the code $code"
  camera=$(pumpkii pair --home "$scratch/owner" "$code" --name demo --json | value device)
  [[ -n $camera ]] || die 70 "the owner has no camera after pairing"
  wait_for_end "$pairing" 30 || die 70 "the camera did not finish pairing; see $out/logs/pair.log"
  pairing=""
  note "paired: camera ${camera:0:8}…"
}

start_agent() {
  "$products/pumpkii" agent run --home "$scratch/agent" "${source[@]}" --ledger "$out/agent.jsonl" >"$out/logs/agent.log" 2>&1 &
  agent=$!
  sleep 0.2
  kill -0 "$agent" 2>/dev/null || die 70 "the agent did not start: $(tail -n 3 "$out/logs/agent.log")"
}

# set_permissions [FLAG]…: allows the five flags of the main job but those named.
set_permissions() {
  local flag settings=()
  for flag in "${flags[@]}"; do
    if [[ " $* " == *" $flag "* ]]; then settings+=("$flag=deny"); else settings+=("$flag=allow"); fi
    note "${settings[-1]}"
  done
  pumpkii permissions set --home "$scratch/owner" --camera "$camera" "${settings[@]}" | sed 's/^/   /'
}

start_watching() {
  local patience=30
  [[ ${#denied[@]} -eq 0 ]] || patience=3
  "$products/pumpkii" watch --home "$scratch/guest" --camera "$camera" --output "$out/guest.mp4" --progress \
    --seconds "$((seconds + 30))" --ledger "$out/viewer.jsonl" 2> >(tee "$out/logs/watch.log" >&2) &
  watching=$!
  # The film takes its name at the end; what opened stands in the viewer's ledger within a second.
  wait_for_opened "$patience" || note "nothing arrives yet: $(refusal)"
}

# Why the guest sees nothing, in the agent's words.
refusal() { grep -ohE '(video|audio|photo) is wanted and denied: .*' "$out/logs/agent.log" | tail -n 1 || true; }

# What the relay cost, while it still runs.
measure_relay() {
  local ticks
  ticks=$(getconf CLK_TCK)
  # The name in the second field may hold blanks; what follows its parenthesis does not.
  relay_cpu=$(sed 's/.*) //' "/proc/$relay/stat" | awk -v ticks="$ticks" '{ printf "%.2f", ($12 + $13) / ticks }')
  relay_rss=$(awk '/^VmHWM:/ { print $2 }' "/proc/$relay/status")
}

# plaintext FILE…: how many traces of plaintext they hold. A JPEG's first four bytes, an MP4's boxes, and names that only
# the people's side may know.
plaintext() {
  local names
  names=$(value profile <"$out/agent.jsonl" 2>/dev/null || true)
  { LC_ALL=C grep -raoP "\xff\xd8\xff[\xe0\xe1\xdb\xc4\xfe]|ftypiso|ftypcmf|moof\x00|stsdavc1${names:+|\Q$names\E}" "$@" || true; } | wc -l
}

# The same search must find the guest's own film and photo, else finding nothing in the relay's files proves nothing.
search_plaintext() {
  hits=$(plaintext "$scratch/relay" "$out/logs/relay.log" "$out/logs/relay-init.log")
  local file
  for file in "$out/guest.mp4" "$out/photo.jpg"; do
    [[ ! -s $file ]] || [[ $(plaintext "$file") -gt 0 ]] || die 70 "the search for plaintext is blind: nothing in $file"
  done
  [[ $hits -eq 0 ]] || note "the relay holds $hits traces of plaintext"
}

summarize() {
  local options=(--json "${json:-$out/summary.json}") file
  cat "$out"/agent.jsonl "$out"/relay.jsonl "$out"/viewer.jsonl >"$out/ledger.jsonl" 2>/dev/null || true
  [[ -s $out/guest.mp4 ]] && options+=(--video "$out/guest.mp4")
  [[ -s $out/photo.jpg ]] && options+=(--photo "$out/photo.jpg")
  say "Summary"
  pumpkii simulate summary --ledger "$out/ledger.jsonl" --viewer "$(<"$out/logs/guest-client")" --relay-cpu "$relay_cpu" \
    --relay-rss "$relay_rss" --plaintext-hits "$hits" "${options[@]}" | sed 's/^/   /'
  for file in guest.mp4 photo.jpg; do
    if [[ -s $out/$file ]]; then note "$out/$file"; else note "no $file: $(refusal)"; fi
  done
  [[ $hits -eq 0 ]]
}
