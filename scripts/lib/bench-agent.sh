# The steps of scripts/bench agent: the agent against ustreamer and GStreamer at the same camera, which the interposer of
# Benchmarks/Interposer plays from a film; scripts/lab.d/cost takes some of them with a camera of its own. Sourced after
# common.sh and demo.sh, never run.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # root, products, out, seconds, scratch … are the script's and demo.sh's; awk's fields
# are no expansions

# The camera that all are given, and how long a program has to settle before it is measured.
device=/dev/video42 size=1280x720 rate=30 settle=6 bitrate=2500000

# need_peers: what is measured against, and the compiler; none of it is needed to build.
need_peers() {
  local name missing=()
  for name in cc:gcc curl:curl ustreamer:ustreamer ffmpeg:ffmpeg gst-launch-1.0:gstreamer1.0-tools; do
    command -v "${name%%:*}" >/dev/null || missing+=("${name#*:}")
  done
  for name in videoconvert:base v4l2src:good openh264enc:bad; do
    gst-inspect-1.0 "${name%%:*}" >/dev/null 2>&1 || missing+=("gstreamer1.0-plugins-${name#*:}")
  done
  [[ ${#missing[@]} -eq 0 ]] || die 69 "these are measured against or with: sudo apt-get install -y ${missing[*]}"
}

# build_interposer FOLDER: interposer.so and cputime. For tests of the whole agent as well:
#   build_interposer "$scratch"; make_film "$scratch/film.mjpeg"
#   env $(camera_of "$scratch" "$scratch/film.mjpeg") pumpkii agent run --camera /dev/video42 …
build_interposer() {
  cc -O2 -Wall -Wextra -shared -fPIC -o "$1/interposer.so" "$root"/Benchmarks/Interposer/*.c -ldl
  cc -O2 -Wall -Wextra -o "$1/cputime" "$root/Benchmarks/AgentBench/cputime.c"
}

# camera_of FOLDER FILM: the environment in which a program finds the film as /dev/video42, 30 frames per second.
camera_of() { printf '%s\n' "LD_PRELOAD=$1/interposer.so" "PUMPKII_FILM=$2" "PUMPKII_FILM_FPS=$rate" "PUMPKII_FILM_DEVICE=$device"; }

# stream_of URL: what an HTTP client gets, until the server ends.
stream_of() { curl -sN --max-time "$((seconds + 30))" "$1"; }

# make_film FILE: ten seconds of 720p in MJPEG with some noise, about 60 KB a picture, as webcams send.
make_film() {
  ffmpeg -nostdin -loglevel error -y -f lavfi -i testsrc2=size=1280x720:rate=30 -frames:v 300 \
    -vf noise=alls=6:allf=t:all_seed=1 -c:v mjpeg -q:v 6 -pix_fmt yuvj422p -f mjpeg "$1"
}

unix_us() { echo "${EPOCHREALTIME/[.,]/}"; }

# memory PID KEY: in KiB.
memory() { awk -v key="$2:" '$1 == key { print $2 }' "/proc/$1/status"; }

# window NAME PID [COUNTER]: measures the process for $seconds after it had time to settle; sets began, ended (Unix µs), cpu
# (ns), and by how much COUNTER's number grew.
window() {
  local start count=0
  sleep "$settle"
  kill -0 "$2" 2>/dev/null || die 70 "$1 ended; see $out/logs"
  start=$("$scratch/cputime" "$2")
  [[ -z ${3:-} ]] || count=$("$3")
  began=$(unix_us)
  sleep "$seconds"
  ended=$(unix_us)
  cpu=$(($("$scratch/cputime" "$2") - start))
  [[ -z ${3:-} ]] || grown=$(($("$3") - count))
  resident=$(memory "$2" VmRSS) anonymous=$(memory "$2" RssAnon) peak=$(memory "$2" VmHWM)
}

# keep CONTENDER FRAMES: one line a round.
keep() {
  [[ $2 -gt 0 ]] || die 70 "$1 delivered no frame; see $out/logs"
  echo "$1 $2 $(((ended - began) / 1000)) $cpu $resident $anonymous $peak" >>"$out/rounds"
  note "$(awk -v cpu="$cpu" -v n="$2" -v ms=$(((ended - began) / 1000)) -v name="$1" -v rss="$resident" -v anon="$anonymous" \
    'BEGIN { printf "%-18s %4d frames, %5.1f fps, %6.0f us a frame, %5.1f MB, %4.1f anonymous", name, n, n * 1000 / ms, cpu / n / 1000, rss / 1024, anon / 1024 }')"
}

# run_agent NAME MODE: one round of the agent with one viewer.
run_agent() {
  local surroundings
  mapfile -t surroundings < <(camera_of "$scratch" "$film")
  printf 'video: {mode: %s, bitrate: %d}\n' "$2" "$bitrate" >"$scratch/agent.yaml"
  rm -f "$scratch/viewer.jsonl"
  env "${surroundings[@]}" "$products/pumpkii" agent run --home "$scratch/agent" --config "$scratch/agent.yaml" \
    --camera "$device" >"$out/logs/$1.log" 2>&1 &
  agent=$!
  "$products/pumpkii" watch --home "$scratch/owner" --camera "$camera" --output - --classes video \
    --seconds "$((seconds + 30))" --ledger "$scratch/viewer.jsonl" >/dev/null 2>"$out/logs/$1-watch.log" &
  watching=$!
  wait_for_text "$scratch/viewer.jsonl" 30 "$watching" || die 70 "nothing arrives from the agent; see $out/logs"
  window "$1" "$agent"
  stop "$watching" INT
  stop "$agent" TERM
  watching="" agent=""
  keep "$1" "$(received | wc -l)"
  [[ $2 != mjpeg ]] || received >>"$out/latencies"
}

# The latency in µs of each frame opened within the window: one host, one clock.
received() {
  sed -n '/"event":"opened"/{/"class":"video"/{/"kind":"chunk"/{s/.*"capture_us":\([0-9]*\).*"t":\([0-9]*\).*/\1 \2/p}}}' \
    "$scratch/viewer.jsonl" | awk -v from="$began" -v to="$ended" '$2 >= from && $2 < to { print $2 - $1 }'
}

# run_ustreamer: one round with one HTTP client, which counts the parts by the time that stands in them.
run_ustreamer() {
  local surroundings port=$((20000 + RANDOM % 20000)) client
  mapfile -t surroundings < <(camera_of "$scratch" "$film")
  rm -f "$scratch/parts"
  env "${surroundings[@]}" ustreamer --device "$device" --format MJPEG --resolution "$size" --desired-fps "$rate" \
    --encoder HW --host 127.0.0.1 --port "$port" >"$out/logs/ustreamer.log" 2>&1 &
  agent=$!
  sleep 1
  stream_of "http://127.0.0.1:$port/stream" | LC_ALL=C grep -a --line-buffered -o '^X-Timestamp: [0-9.]*' \
    >"$scratch/parts" &
  client=$!
  window ustreamer "$agent"
  # With a client it does not end for as long as that stays; nothing of it is needed any more.
  stop "$agent" KILL
  wait "$client" 2>/dev/null || true
  agent=""
  keep ustreamer "$(awk -v from="$began" -v to="$ended" '{ t = $2 * 1e6 } t >= from && t < to' "$scratch/parts" | wc -l)"
}

# run_gstreamer: one round to an H.264 file, with the agent's own encoder library, which Debian's ffmpeg lacks.
run_gstreamer() {
  local surroundings
  mapfile -t surroundings < <(camera_of "$scratch" "$film")
  rm -f "$scratch/peer.h264"
  env "${surroundings[@]}" gst-launch-1.0 -q -e v4l2src device=/dev/video42 ! image/jpeg,width=1280,height=720,framerate=30/1 \
    ! jpegdec ! videoconvert ! video/x-raw,format=I420 ! openh264enc "bitrate=$bitrate" gop-size=60 multi-thread=1 \
    ! filesink location="$scratch/peer.h264" buffer-mode=unbuffered >"$out/logs/gstreamer.log" 2>&1 &
  agent=$!
  window gstreamer "$agent" encoded
  stop "$agent" INT
  agent=""
  keep gstreamer "$grown"
}

# encoded: pictures in the peer's file by now.
encoded() {
  ffprobe -v error -f h264 -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$scratch/peer.h264" | head -n 1
}

# column CONTENDER EXPRESSION: the median of a figure over the rounds, by awk on: name frames ms cpu resident anonymous peak.
column() {
  awk -v name="$1" "\$1 == name { print $2 }" "$out/rounds" | sort -g \
    | awk '{ value[NR] = $1 } END { if (NR) print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2; else print "null" }'
}

# percentile P: of the latencies, in ms.
percentile() {
  sort -g "$out/latencies" | awk -v p="$1" '{ value[NR] = $1 } END { if (NR) print value[int((NR - 1) * p) + 1] / 1000; else print "null" }'
}

us_a_frame() { column "$1" '$4 / $2 / 1000'; }

# ratio A B: null where one is.
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (a == "null" || b == "null") print "null"; else print a / b }'; }

# Every figure as "key value goal"; a goal is an upper limit.
figures() {
  local agent peer
  agent=$(us_a_frame agent-mjpeg) peer=$(us_a_frame ustreamer)
  echo "mjpeg_agent_us_per_frame $agent -"
  echo "mjpeg_ustreamer_us_per_frame $peer -"
  echo "mjpeg_cpu_ratio $(ratio "$agent" "$peer") 1.0"
  echo "mjpeg_agent_anonymous_mb $(column agent-mjpeg '$6 / 1024') 12"
  echo "mjpeg_agent_resident_mb $(column agent-mjpeg '$5 / 1024') 40"
  echo "mjpeg_ustreamer_resident_mb $(column ustreamer '$5 / 1024') -"
  echo "latency_p50_ms $(percentile 0.5) 4"
  echo "latency_p99_ms $(percentile 0.99) 15"
  agent=$(us_a_frame agent-h264) peer=$(us_a_frame gstreamer)
  echo "h264_agent_us_per_frame $agent -"
  echo "h264_gstreamer_us_per_frame $peer -"
  echo "h264_cpu_ratio $(ratio "$agent" "$peer") 1.0"
  echo "h264_agent_resident_mb $(column agent-h264 '$5 / 1024') -"
}

report() {
  figures >"$out/figures"
  awk 'BEGIN { printf "%-32s %10s %8s\n", "720p30, medians of rounds", "", "goal" }
    { verdict = $3 == "-" || $2 == "null" ? "" : $2 + 0 <= $3 + 0 ? "reached" : "missed"
      printf "%-32s %10s %8s  %s\n", $1, $2 == "null" ? "-" : sprintf("%.2f", $2), $3, verdict }' "$out/figures"
  awk 'BEGIN { print "{" } { printf "%s  \"%s\": %s", (NR > 1 ? ",\n" : ""), $1, $2 } END { print "\n}" }' "$out/figures" >"$json"
}

# The whole story; scripts/bench sets seconds, rounds and json.
bench_agent() {
  local round film
  out=$root/out/bench-agent
  mkdir -p "$out/logs"
  rm -f "$out"/logs/* "$out/rounds" "$out/latencies" "$out/relay.jsonl"
  touch "$out/rounds" "$out/latencies"
  begin_scratch
  film=$scratch/film.mjpeg
  build_interposer "$scratch"
  make_film "$film"
  say "A relay, an owner, a paired camera"
  start_relay
  create_account owner
  pair_camera
  allow_video
  say "Measuring: $rounds rounds of $seconds seconds each"
  for ((round = 0; round < rounds; round++)); do
    run_agent agent-mjpeg mjpeg
    run_ustreamer
    run_agent agent-h264 h264
    run_gstreamer
  done
  say "Result"
  report
}

# The owner's flags, which only a running device takes; it keeps them.
allow_video() {
  local surroundings
  mapfile -t surroundings < <(camera_of "$scratch" "$film")
  env "${surroundings[@]}" "$products/pumpkii" agent run --home "$scratch/agent" --camera "$device" >"$out/logs/permissions.log" 2>&1 &
  agent=$!
  pumpkii permissions set --home "$scratch/owner" --camera "$camera" sensor.camera=allow share.video=allow \
    >>"$out/logs/permissions.log" 2>&1 || die 70 "the owner's permissions were not taken; see $out/logs/permissions.log"
  stop "$agent" TERM
  agent=""
}
