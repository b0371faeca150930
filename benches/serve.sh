#!/usr/bin/env bash
# kariz beside nginx, serving the same files, in one run: answers of 200 (a feed of 100 entries, gzip), answers of 304,
# ten thousand connections that are kept open, and readers that hardly read.
#
#   benches/serve.sh [KARIZ]        KARIZ: the binary, target/release/kariz without it
#
# Needs nginx, wrk, curl and python3. Loopback only; ends by itself after about two minutes. The two take turns, three
# rounds each, and the medians are compared: on a machine that does other work as well a single figure says little. There
# the answers for each second of processor time (user and system, of the server alone) say more.
set -euo pipefail

kariz=$(realpath "${1:-target/release/kariz}")
seconds=${SECONDS_EACH:-5}
rounds=${ROUNDS:-3}
connections=${CONNECTIONS:-64}
kept_open=${KEPT_OPEN:-10000}
work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
ulimit -n "$((kept_open * 2 + 1000))" 2>/dev/null || ulimit -n "$(ulimit -Hn)"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
kariz_port=$(free_port)
nginx_port=$(free_port)

# A feed of 100 entries, each with an article of some length.
python3 - "$work/source.xml" <<'PYTHON'
import random, sys
random.seed(1)
words = "river market bridge train morning council library harvest window garden school weather station music bread winter".split()
def text(n): return " ".join(random.choice(words) for _ in range(n))
with open(sys.argv[1], "w") as out:
    out.write('<?xml version="1.0"?><rss version="2.0"><channel><title>Town</title><link>https://town.example/</link><description/>')
    for i in range(100):
        paragraphs = "".join(f"&lt;p&gt;{text(60)} {random.random()}&lt;/p&gt;" for _ in range(4))
        out.write(f"<item><guid>https://town.example/{i}</guid><link>https://town.example/{i}</link><title>{text(7)} {i}</title>"
                  f"<description>{paragraphs}</description><pubDate>Mon, 02 Nov 2026 {i // 60:02}:{i % 60:02}:00 GMT</pubDate></item>")
    out.write("</channel></rss>")
PYTHON
cat > "$work/feeds.toml" <<TOML
[feed]
title = "Town"
base_url = "http://127.0.0.1:$kariz_port/"
[dedupe]
enabled = false
[[source]]
url = "source.xml"
new_source_items = 100
TOML
(cd "$work" && "$kariz" fetch > /dev/null)
public=$work/data/public
entries=$(grep -o '<entry' "$public/atom.xml" | wc -l)

chmod 755 "$work" "$work/data"
cat > "$work/nginx.conf" <<NGINX
worker_processes auto;
pid $work/nginx.pid;
error_log stderr crit;
worker_rlimit_nofile 65535;
daemon off;
events { worker_connections 20000; }
http {
  access_log off;
  sendfile on; tcp_nopush on;
  open_file_cache max=1000 inactive=60s;
  keepalive_requests 100000000;
  gzip_static on; gzip_vary on;
  types { application/atom+xml xml; }
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
  uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$nginx_port backlog=4096; root $public; }
}
NGINX
nginx -c "$work/nginx.conf" -p "$work" 2> "$work/nginx.log" &
pids+=($!)
master=$!
(cd "$work" && exec "$kariz" serve --listen "127.0.0.1:$kariz_port" > "$work/kariz.log" 2>&1) &
pids+=($!)
server=$!
for port in "$kariz_port" "$nginx_port"; do
  for _ in $(seq 100); do curl -sf -o /dev/null "http://127.0.0.1:$port/atom.xml" && break; sleep 0.1; done
done

url() { echo "http://127.0.0.1:$1/atom.xml"; }
tag() { curl -s -o /dev/null -D - -H 'Accept-Encoding: gzip' "$(url "$1")" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p'; }
ticks() { # a process and its children
  cat "/proc/$1/stat" $(pgrep -P "$1" | sed 's|.*|/proc/&/stat|') | awk '{ t += $14 + $15 } END { print t }'
}
rate() { # port, process, further headers; gives answers a second, and answers for each second of its processor time
  local port=$1 process=$2 before; shift 2
  before=$(ticks "$process")
  wrk -t2 -c"$connections" -d"${seconds}s" -H 'Accept-Encoding: gzip' "$@" "$(url "$port")" > "$work/wrk"
  awk -v used="$(($(ticks "$process") - before + 1))" -v hz="$(getconf CLK_TCK)" \
    '/requests in/ { n = $1 } /Requests\/sec/ { print $2, n * hz / used }' "$work/wrk"
}
median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
compare() { # name, promised ratio, headers for kariz, headers for nginx
  local name=$1 promise=$2 k n kc nc
  : > "$work/ours"; : > "$work/theirs"
  for ((round = 0; round < rounds; round++)); do
    rate "$kariz_port" "$server" ${3:+-H "$3"} >> "$work/ours"
    rate "$nginx_port" "$master" ${4:+-H "$4"} >> "$work/theirs"
  done
  k=$(cut -d' ' -f1 "$work/ours" | median); n=$(cut -d' ' -f1 "$work/theirs" | median)
  kc=$(cut -d' ' -f2 "$work/ours" | median); nc=$(cut -d' ' -f2 "$work/theirs" | median)
  awk -v name="$name" -v k="$k" -v n="$n" -v kc="$kc" -v nc="$nc" -v p="$promise" 'BEGIN {
    printf "%-20s kariz %7.0f/s  nginx %7.0f/s  ratio %.2f;  per second of processor time: %.0f, %.0f, ratio %.2f  (promised %.1f)\n",
      name, k, n, k / n, kc, nc, kc / nc, p }'
}
memory() { awk '/VmRSS/ { printf "%.1f MB", $2 / 1024 }' "/proc/$server/status"; }

size() { curl -s -H 'Accept-Encoding: gzip' "$(url "$1")" | wc -c; }
echo "$entries entries, $(stat -c %s "$public/atom.xml") bytes, $(size "$kariz_port") from kariz and $(size "$nginx_port") from nginx with gzip; $(nproc) cores"
compare "200, gzip" 0.7 "" ""
compare "304 (If-None-Match)" 0.8 "If-None-Match: $(tag "$kariz_port")" "If-None-Match: $(tag "$nginx_port")"
echo "memory after that: $(memory)"

python3 - "$kariz_port" "$kept_open" "$server" <<'PYTHON'
import socket, sys, time
port, count, pid = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
def memory():
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
def ask(s):
    s.sendall(b"GET /atom.xml HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
    head = b""
    while b"\r\n\r\n" not in head: head += s.recv(65536)
    head, body = head.split(b"\r\n\r\n", 1)
    length = int(next(l for l in head.lower().split(b"\r\n") if l.startswith(b"content-length")).split(b":")[1])
    while len(body) < length: body += s.recv(65536)
    return head.split(b" ")[1]
before, open_ones = memory(), []
for i in range(count):
    s = socket.create_connection(("127.0.0.1", port)); s.settimeout(20)
    if i % 10 == 0: assert ask(s) == b"200"   # each tenth has asked once and is kept alive
    open_ones.append(s)
time.sleep(1)
held = memory()
start = time.perf_counter()
assert ask(open_ones[-1]) == b"200"
print(f"{count} connections open: {before:.1f} MB before, {held:.1f} MB with them ({(held - before) * 1024 / count:.2f} KB each), an answer among them in {(time.perf_counter() - start) * 1000:.1f} ms")
for s in open_ones: s.close()
PYTHON

python3 - "$kariz_port" <<'PYTHON' &
# Two hundred readers that ask for the whole feed and read a byte now and then.
import socket, sys, time
readers = []
for _ in range(200):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.connect(("127.0.0.1", int(sys.argv[1]))); s.sendall(b"GET /atom.xml HTTP/1.1\r\nHost: x\r\n\r\n" * 20); readers.append(s)
end = time.time() + 600
while time.time() < end:
    time.sleep(0.5)
    for s in readers:
        try: s.recv(1)
        except OSError: pass
PYTHON
slow=$!
pids+=("$slow")
sleep 8 # until the buffers of all of them are full
beside=$(for ((round = 0; round < rounds; round++)); do rate "$kariz_port" "$server"; done | cut -d' ' -f1 | median)
echo "200, gzip, beside 200 readers that hardly read: $beside/s, memory $(memory)"
kill "$slow" 2>/dev/null || true
