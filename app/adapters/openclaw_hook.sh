#!/bin/sh
# Posts one step of a run to a Runseal service: for hooks that run a command, as OpenClaw's do.
#
#   openclaw_hook.sh start                          the run begins
#   openclaw_hook.sh tool.invoke call-7 < data.json something happened; data is one JSON object
#   openclaw_hook.sh end [REASON_IF_IT_FAILED]      the run ends
#
# RUNSEAL_RUN and RUNSEAL_AGENT say whose run it is, RUNSEAL_SERVICE where the service is. A token
# stands in a file that only its owner may read, as curl's `header = "Authorization: Bearer TOKEN"`,
# and RUNSEAL_CURL_CONFIG names it. Exits with 0 only if the service has it on its disk.
set -eu
# The ranges of letters below are those of ASCII.
export LC_ALL=C

service=${RUNSEAL_SERVICE:-http://127.0.0.1:8097}

fail() {
    echo "openclaw_hook.sh: $1" >&2
    exit 2
}

# Names stand in JSON as they are, so they are made of what needs no escape.
name() {
    case $1 in
    '' | *[!A-Za-z0-9._:-]*) fail "not a name of letters, digits and ._:- : '$1'" ;;
    esac
}

# The same body is sent again if nobody answered: that is safe, for the ids are the same.
post() {
    curl --silent --show-error --fail-with-body --max-time 10 --retry 3 --retry-connrefused \
        ${RUNSEAL_CURL_CONFIG:+--config "$RUNSEAL_CURL_CONFIG"} \
        --header 'Content-Type: application/json' --data-binary @- "$service$1"
}

step=${1:-}
name "$step"
name "${RUNSEAL_RUN:-}"
case $step in
start)
    name "${RUNSEAL_AGENT:-}"
    printf '{"run_id":"%s","agent_id":"%s","adapter":"openclaw"}' "$RUNSEAL_RUN" "$RUNSEAL_AGENT" |
        post /v1/run/start
    ;;
end)
    failed=
    if [ $# -gt 1 ]; then
        name "$2"
        failed=",\"success\":false,\"reason\":\"$2\""
    fi
    printf '{"run_id":"%s"%s}' "$RUNSEAL_RUN" "$failed" | post /v1/run/end
    ;;
*)
    name "${2:-}"
    {
        printf '{"run_id":"%s","event_id":"%s","type":"%s","source":"openclaw","timestamp":"%s","data":' \
            "$RUNSEAL_RUN" "$2" "$step" "${RUNSEAL_TIME:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}"
        cat
        printf '}'
    } | post /v1/run/event
    ;;
esac
