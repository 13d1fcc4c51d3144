#!/usr/bin/env bash
# local-only.sh PROGRAM FOLDER PORT OPTION…: runs an agent (PROGRAM agent run OPTION…) in a network namespace of its own,
# which has a way out that leads nowhere, under strace, and uses all it has: motion, a clip, the preview's streams and
# pictures, the board's commands. PORT is its preview's; 0 for an agent without one, which is then watched until it spoke.
# Leaves FOLDER/trace (its network calls), FOLDER/interfaces (/proc/net/dev at the end) and FOLDER/log.

set -euo pipefail
if [[ -z ${PUMPKII_ALONE:-} ]]; then
  PUMPKII_ALONE=1 exec unshare -rn "$0" "$@"
fi
program=$1 folder=$2 port=$3
shift 3

ip link set lo up
# Packets that something sends anywhere go out here, and are counted.
ip link add out type veth peer name beyond
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null || true
for name in out beyond; do
  ip link set "$name" addrgenmode none
  ip link set "$name" arp off up
done
ip addr add 192.0.2.2/24 dev out
ip route add default via 192.0.2.1

strace -f -qq -o "$folder/trace" -e trace=network "$program" agent run "$@" >"$folder/log" 2>&1 &
tracer=$!
trap 'kill "$tracer" 2>/dev/null || true' EXIT

# await COMMAND…: until it holds; an agent that ended meanwhile will never make it so.
await() {
  local try
  for ((try = 0; try < 600; try++)); do
    "$@" && return
    kill -0 "$tracer" 2>/dev/null || break
    sleep 0.1
  done
  printf 'local-only.sh: gave up waiting for: %s\n' "$*" >&2
  tail -5 "$folder/log" >&2
  exit 1
}

says() { "$program" status --board "$folder/board" --json 2>/dev/null | grep -q "$1"; }
play() { ffmpeg -v error -nostdin -y -i "http://127.0.0.1:$port/$1" "${@:2}" </dev/null; }
traced() { grep -q "$1" "$folder/trace"; }

if [[ $port != 0 ]]; then
  await says '"recording":1'
  play stream.mp4 -t 1 -c copy "$folder/preview.mp4"
  play stream.mjpeg -frames:v 3 -f null -
  play snapshot.jpg -frames:v 1 "$folder/snapshot.jpg"
  "$program" permissions pause --board "$folder/board"
  await says '"clips":[1-9]'
  "$program" permissions resume --board "$folder/board"
  await says '"recording":1'
else
  await traced 'connect(.*AF_INET'
fi
cat /proc/net/dev >"$folder/interfaces"
# The agent itself, that it may end in order; strace ends with it.
pkill -TERM -P "$tracer"
wait "$tracer" || true
trap - EXIT
