#!/bin/bash
# Brimful beside other clients of S3: the same work, on the same server and machine, in turn.
#
# usage: benches/transfers.sh [-e ENDPOINT] [-n PAIRS] [-c CASE,...] [-t TOOL,...]
#   -e  an S3 server that is not the bottleneck [default: practice storage, which is on disk and often is]
#       with its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
#   -n  how often each tool runs, every time right after s5cmd [default: 5]
#   -c  up-100k (2,000 files of 100 KB)  up-4k (10,000 of 4 KB)  up-2g (one of 2 GiB)
#       down-100k  down-2g  list-100k  delete (10,000 keys) [default: all]
#   -t  brimful  rclone  aws [default: those that are there]
#
# Prints wall time, processor time and peak memory of the client, and their ratios to s5cmd with its default settings: the
# median of the pairs. Below 1 is better than s5cmd. Needs s5cmd, GNU time, and 5 GiB where BENCH_DATA points [default:
# /dev/shm, so that no disk is measured].
set -euo pipefail

endpoint='' pairs=5 tools='' cases='up-100k,up-4k,up-2g,down-100k,down-2g,list-100k,delete'
while getopts 'e:n:c:t:h' option; do
  case $option in
    e) endpoint=$OPTARG ;;
    n) pairs=$OPTARG ;;
    c) cases=$OPTARG ;;
    t) tools=${OPTARG//,/ } ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2 ;;
  esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
brimful=$root/target/release/brimful
[ -x "$brimful" ] || (cd "$root" && cargo build --release --locked)
command -v s5cmd >/dev/null || { echo 's5cmd is needed: everything is measured against it' >&2; exit 2; }
time=$(type -P time) || { echo 'GNU time is needed (Debian: time)' >&2; exit 2; }
data=$(mktemp -d "${BENCH_DATA:-/dev/shm}/brimful-bench.XXXXXX")
server=''
end() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$data"
}
trap end EXIT

export BRIMFUL_HOME=$data/home AWS_REGION=${AWS_REGION:-us-east-1} AWS_EC2_METADATA_DISABLED=true
if [ -z "$endpoint" ]; then
  "$brimful" practice >"$data/practice.txt" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    grep -q AWS_SECRET_ACCESS_KEY "$data/practice.txt" && break
    sleep 0.1
  done
  eval "$(grep -oE 'export AWS_[A-Z_0-9]+=.*' "$data/practice.txt")"
  endpoint=$AWS_ENDPOINT_URL_S3
fi
unset AWS_ENDPOINT_URL_S3
if [ -z "$tools" ]; then
  tools=brimful
  for tool in rclone aws; do
    ! command -v $tool >/dev/null || tools="$tools $tool"
  done
fi

bucket=brimful-bench-$$
s5="s5cmd --endpoint-url $endpoint"
remote=":s3,provider=Other,env_auth=true,endpoint='$endpoint':"
aws="aws --endpoint-url $endpoint s3"
rclone="rclone --config /dev/null"

files() { # folder, how many, bytes each
  mkdir -p "$1"
  head -c $(($2 * $3)) /dev/urandom | (cd "$1" && split -a 4 -b "$3" --additional-suffix=.jpg -)
}

# The command of a tool for a case; $1 tool, $2 case, $3 where in the bucket or on disk.
command_of() {
  local from=$data/${2#*-} to=s3://$bucket/$3
  case $2:$1 in
    up-2g:brimful) echo "$brimful upload $from $to --endpoint-url $endpoint --quiet --if-exists overwrite" ;;
    up-2g:s5cmd) echo "$s5 cp $from $to" ;;
    up-2g:rclone) echo "$rclone copyto --s3-no-check-bucket $from $remote$bucket/$3" ;;
    up-2g:aws) echo "$aws cp --only-show-errors $from $to" ;;
    up-*:brimful) echo "$brimful upload $from/ $to/ --endpoint-url $endpoint --quiet --if-exists overwrite" ;;
    up-*:s5cmd) echo "$s5 cp $from/ $to/" ;;
    up-*:rclone) echo "$rclone copy --s3-no-check-bucket --no-check-dest $from $remote$bucket/$3" ;;
    up-*:aws) echo "$aws cp --only-show-errors --recursive $from $to" ;;
    down-2g:brimful) echo "$brimful download s3://$bucket/down-2g $data/$3 --endpoint-url $endpoint --quiet" ;;
    down-2g:s5cmd) echo "$s5 cp s3://$bucket/down-2g $data/$3" ;;
    down-2g:rclone) echo "$rclone copyto $remote$bucket/down-2g $data/$3" ;;
    down-2g:aws) echo "$aws cp --only-show-errors s3://$bucket/down-2g $data/$3" ;;
    down-*:brimful) echo "$brimful download s3://$bucket/$2/ $data/$3/ --endpoint-url $endpoint --quiet" ;;
    down-*:s5cmd) echo "$s5 cp s3://$bucket/$2/* $data/$3/" ;;
    down-*:rclone) echo "$rclone copy --no-check-dest $remote$bucket/$2 $data/$3" ;;
    down-*:aws) echo "$aws cp --only-show-errors --recursive s3://$bucket/$2 $data/$3" ;;
    list-*:brimful) echo "$brimful ls s3://$bucket/list/ --recursive --endpoint-url $endpoint" ;;
    list-*:s5cmd) echo "$s5 ls s3://$bucket/list/*" ;;
    list-*:rclone) echo "$rclone lsf -R --files-only $remote$bucket/list" ;;
    list-*:aws) echo "$aws ls --recursive s3://$bucket/list/" ;;
    delete:brimful) echo "$brimful rm --recursive --yes $to/ --endpoint-url $endpoint --quiet" ;;
    delete:s5cmd) echo "$s5 rm $to/*" ;;
    delete:rclone) echo "$rclone delete $remote$bucket/$3" ;;
    delete:aws) echo "$aws rm --only-show-errors --recursive $to" ;;
  esac
}

seed() { # files of a folder under a prefix, by the fastest way there is
  "$brimful" upload "$1" "s3://$bucket/$2" --endpoint-url "$endpoint" --quiet --if-exists overwrite 2>/dev/null
}

run() { # tool, case: one line with wall, processor and memory
  turn=$((turn + 1))
  local place=t$turn
  case $2 in
    down-*) mkdir -p "$data"; [ "$2" = down-2g ] || mkdir -p "$data/$place" ;;
    delete) seed "$data/4k/" "$place/" ;;
  esac
  # Patterns are for the tools, not for the shell.
  set -f
  # shellcheck disable=SC2046
  "$time" -o "$data/took" -f '%e %U %S %M' $(command_of "$1" "$2" "$place") >"$data/said" 2>&1 ||
    { echo "$1 failed at $2:" >&2; tail -3 "$data/said" >&2; exit 1; }
  set +f
  case $2 in
    up-*) $s5 rm "s3://$bucket/$place*" >/dev/null ;;
    down-*) rm -rf "${data:?}/$place" ;;
  esac
  awk '{ printf "%.3f %.3f %.1f\n", $1, $2 + $3, $4 / 1024 }' "$data/took"
}

$s5 mb "s3://$bucket" >/dev/null
files "$data/100k" 2000 100000
files "$data/4k" 10000 4096
head -c 2147483648 /dev/urandom >"$data/2g"
turn=0
printf '%-10s %-8s %8s %8s %8s   %6s %6s   against s5cmd, %s pairs\n' work tool wall cpu MiB wall cpu "$pairs"
for case in ${cases//,/ }; do
  case $case in
    down-2g) seed "$data/2g" down-2g ;;
    down-100k) seed "$data/100k/" down-100k/ ;;
    list-100k) for part in 0 1 2 3 4 5 6 7 8 9; do seed "$data/4k/" "list/$part/"; done ;;
  esac
  for tool in $tools; do
    : >"$data/pairs"
    for _ in $(seq "$pairs"); do
      echo "$(run s5cmd "$case") $(run "$tool" "$case")" >>"$data/pairs"
      turn=$((turn + 10))
    done
    awk -v work="$case" -v tool="$tool" '
      function median(of, n,   i, j, t) {
        for (i = 2; i <= n; i++) for (j = i; j > 1 && of[j - 1] > of[j]; j--) { t = of[j]; of[j] = of[j - 1]; of[j - 1] = t }
        return n % 2 ? of[(n + 1) / 2] : (of[n / 2] + of[n / 2 + 1]) / 2
      }
      { wall[NR] = $4; cpu[NR] = $5; mib[NR] = $6; wall_x[NR] = $4 / $1; cpu_x[NR] = $5 / $2 }
      END { printf "%-10s %-8s %7.2fs %7.2fs %8.0f   %6.2f %6.2f\n", work, tool, median(wall, NR), median(cpu, NR), median(mib, NR), median(wall_x, NR), median(cpu_x, NR) }
    ' "$data/pairs"
  done
done
