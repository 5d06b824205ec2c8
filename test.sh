#!/usr/bin/env bash
# Builds once and runs every test. The last line is "N passed, N failed"; the exit code is 0 only when none failed.
#   ./test.sh           what has to hold for every change
#   ./test.sh --long    with full counts of everything that is sampled otherwise
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for argument in "$@"; do
  case $argument in
    --long) export AGENTCLUSTER_LONG=1 ;;
    *) echo "test.sh: expected --long or nothing, found '$argument'" >&2; exit 64 ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
results=$(mktemp -d)
running=
trap '[ -z "$running" ] || kill -- "-$running" 2>/dev/null; rm -rf "$results"' EXIT
passed=0
failed=0

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

# A step that fails counts as one failed test: nothing that went wrong leaves a clean last line.
step() {
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$results/step.log" 2>&1; then
    echo "$name: ok ($((SECONDS - started)) s)"
  else
    cat "$results/step.log"
    echo "$name: FAILED"
    failed=$((failed + 1))
    return 1
  fi
}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

install_packages() {
  if command -v apt-get >/dev/null; then
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  elif command -v dnf >/dev/null; then
    set -- "${@/#postgresql/postgresql-server}"
    set -- "${@/#iproute2/iproute}"
    as_root dnf install -y -q "${@/libsqlite3-0/sqlite-libs}"
  elif command -v apk >/dev/null; then
    as_root apk add --quiet "${@/libsqlite3-0/sqlite-libs}"
  else
    echo "expected apt-get, dnf or apk to install: $*; found none. Install them and run again."
    return 1
  fi
}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || compgen -G "/usr/lib*/**/$1*" >/dev/null || compgen -G "/usr/lib*/$1*" >/dev/null; }

# The server's programs, which the tests run from a temporary directory; on Debian they are not on the path.
has_postgres() { command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; }

install_missing() {
  [ "$(uname -s)" = Linux ] || return 0
  local missing=()
  has_library libsqlite3.so.0 || missing+=(libsqlite3-0)
  command -v npm >/dev/null || missing+=(nodejs npm)
  has_postgres || missing+=(postgresql)
  command -v strace >/dev/null || missing+=(strace)
  [ -z "${AGENTCLUSTER_LONG:-}" ] || command -v ip >/dev/null || missing+=(iproute2)
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

# The linters that judge the served OpenAPI document. Exactly what the lock file says, and none of their install scripts.
install_linters() {
  [ tests/OpenApi/node_modules/.package-lock.json -nt tests/OpenApi/package-lock.json ] ||
    npm ci --prefix tests/OpenApi --ignore-scripts --no-audit --no-fund
}

# The protocol's own conformance suite, its client, and the Node 22 that the suite needs. Nothing of it runs when it is installed.
install_judges() {
  [ tests/Mcp/node_modules/.package-lock.json -nt tests/Mcp/package-lock.json ] ||
    npm ci --prefix tests/Mcp --ignore-scripts --no-audit --no-fund
}

# Prometheus' own checker of metrics, out of the package that has it, and nothing of the service.
install_promtool() {
  local folder=tests/Promtool
  [ -x $folder/usr/bin/promtool ] || command -v promtool >/dev/null && return
  command -v apt-get >/dev/null || { echo "expected promtool on the path, or apt-get to fetch it with; found neither"; return 1; }
  local package=$results/prometheus
  mkdir -p "$package" $folder &&
    { (cd "$package" && apt-get download -qq prometheus) || { as_root apt-get update -qq && (cd "$package" && apt-get download -qq prometheus); }; } &&
    dpkg -x "$package"/prometheus_*.deb "$package" && mkdir -p $folder/usr/bin && mv "$package/usr/bin/promtool" $folder/usr/bin/
}

# The lock files hide what a fresh resolution would say (a version that is not there, one that is substituted).
restore_without_lock() {
  local copy=$results/restore
  git ls-files -z -- '*.csproj' '*.props' '*.sln' global.json 'nuget.config' 'NuGet.config' |
    while IFS= read -r -d '' file; do
      mkdir -p "$copy/$(dirname "$file")" && cp "$file" "$copy/$file" || exit 1
    done &&
    CI=false dotnet restore "$copy/AgentCluster.sln" -p:RestorePackagesWithLockFile=false
}

# A test project is a program that writes its counts to a file when it ends. No file, or no test in it: failed.
run_tests() {
  local project=$1 name log started=$SECONDS
  name=$(basename "$project")
  log=$results/$name
  echo "== $name"
  "$project/bin/Release/net10.0/$name" -noLogo -noColor -xml "$log.xml" >"$log.log" 2>&1
  local code=$? total=0 errors=0 bad=0 good=0 line
  line=$(grep -o -m1 '<assembly [^>]*>' "$log.xml" 2>/dev/null)
  count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$line"; }
  total=$(count total) good=$(count passed) bad=$(count failed) errors=$(count errors)
  local skipped not_run
  skipped=$(count skipped) not_run=$(count not-run)
  bad=$((${bad:-0} + ${errors:-0} + ${skipped:-0} + ${not_run:-0}))
  if [ "${total:-0}" -eq 0 ] || { [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
    echo "$name: expected tests and a result file, found ${total:-no} tests and exit code $code"
    bad=$((bad + 1))
  fi
  [ "$bad" -eq 0 ] || cat "$log.log"
  echo "$name: ${good:-0} passed, $bad failed ($((SECONDS - started)) s)"
  passed=$((passed + ${good:-0}))
  failed=$((failed + bad))
}

# Where nodes are set apart in networks of their own; the tests ask the same way, and there are fewer of them where there are none.
has_namespaces() { ip netns add "agentcluster-$$-probe" && ip netns del "agentcluster-$$-probe"; }

step "install what is missing" install_missing
step "install the linters" install_linters
step "install the judges of MCP" install_judges
step "install promtool" install_promtool
[ -z "${AGENTCLUSTER_LONG:-}" ] || has_namespaces 2>/dev/null ||
  echo "this machine gives no network namespaces (expected Linux, root, iproute2): nodes are cut off by a proxy only"
step "restore without lock files" restore_without_lock
step "restore" dotnet restore AgentCluster.sln || finish
step "build" dotnet build AgentCluster.sln -c Release --no-restore -v quiet || finish
# Analyzers and code style are part of the build; only the shape of the text is left.
step "format" dotnet format whitespace AgentCluster.sln --no-restore --verify-no-changes
simulation=tests/AgentCluster.Simulation/bin/Release/net10.0/AgentCluster.Simulation
seeds=3000 mutants=1000
[ -z "${AGENTCLUSTER_LONG:-}" ] || { seeds=100000 mutants=2000; }
simulate() { nice -n 19 "$simulation" "${@:2}" >"$results/$1.log" 2>&1; }

# The same seeds in another process, with another garbage collector, another JIT and another thread pool: the same history.
same_hashes() {
  nice -n 19 "$simulation" --hashes 1-200 >"$results/first" &&
    DOTNET_TieredPGO=1 DOTNET_TieredCompilation=0 DOTNET_gcServer=1 DOTNET_ThreadPool_ForceMinWorkerThreads=7 \
      nice -n 19 "$simulation" --hashes 1-200 >"$results/second" &&
    diff "$results/first" "$results/second"
}

# Its status is the last one's; the others end with their counts.
simulations() {
  simulate simulation --seeds "1-$seeds"
  simulate recorded --recorded tests/AgentCluster.Simulation/seeds.txt
  simulate mutants --mutants --upto "$mutants"
  same_hashes >"$results/hashes.log" 2>&1
}

# What the tests leave in the temporary directory goes with the results. PostgreSQL, which does not run as root, has to get through.
export TMPDIR=$results
chmod 711 "$results"

# Nothing in a simulation goes by the clock: it takes what the tests, which wait a good part of their time, leave of the machine.
# In a process group of its own, which ends with this script.
set -m
simulations &
running=$!
set +m
for project in tests/*/; do
  grep -qs '<PackageReference Include="xunit.v3"' "$project"/*.csproj && run_tests "${project%/}"
done

# A run of the simulation ends with its own count.
judge_simulation() {
  local name=$1 log=$results/$1.log line
  echo "== $name"
  line=$(tail -n 1 "$log")
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    [ "${BASH_REMATCH[2]}" -eq 0 ] && tail -n 3 "$log" | head -n 1 || cat "$log"
    echo "$name: ${BASH_REMATCH[1]} passed, ${BASH_REMATCH[2]} failed (after $SECONDS s)"
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    cat "$log"
    echo "$name: expected a last line 'N passed, N failed', found '$line'"
    failed=$((failed + 1))
  fi
}

# Lines of Domain and Runtime that the tests run through, the generated ones included: at least 85 % of each. Counting adds
# static fields to the assemblies, so the tests that forbid those stay out.
coverage() {
  local report assembly rate code=0
  dotnet test tests/AgentCluster.Tests -c Release --no-build --nologo --results-directory "$results/coverage" \
    --collect "Code Coverage;Format=cobertura" --filter 'FullyQualifiedName!~SimulationSafetyTests' || return 1
  report=$(find "$results/coverage" -name '*.cobertura.xml')
  for assembly in Domain Runtime; do
    rate=$(grep -o '<package [^>]*' "$report" | sed -n "s/.*line-rate=\"\([0-9.]*\)\".* name=\"AgentCluster.$assembly\".*/\1/p")
    echo "coverage of $assembly: ${rate:-none}"
    awk -v rate="${rate:-0}" 'BEGIN { exit !(rate >= 0.85) }' || { echo "expected at least 0.85 of $assembly"; code=1; }
  done
  return $code
}
[ -z "${AGENTCLUSTER_LONG:-}" ] || step "coverage of Domain and Runtime is at least 85 %" coverage

wait "$running"
same=$?
running=
judge_simulation simulation
judge_simulation recorded
judge_simulation mutants
differences() { cat "$results/hashes.log"; [ "$same" -eq 0 ]; }
step "200 seeds are the same in two processes" differences && passed=$((passed + 1))
finish
