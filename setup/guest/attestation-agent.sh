#!/bin/busybox sh
# shellcheck shell=dash
# Placeholder for the attestation-agent in guests whose CDH is started by the agent: an agent of main starts the CDH only after the
# attestation-agent has created its socket. It serves nothing: with offline_fs_kbc the CDH does not ask it.
#
# Its arguments are those of upstream's: --attestation_sock unix://PATH [--initdata-toml FILE] [-c FILE].

socket=${2#unix://}
mkdir -p "${socket%/*}"
# No exec: the arguments stay visible in the list of processes.
socat -u "UNIX-LISTEN:$socket,fork" OPEN:/dev/null
