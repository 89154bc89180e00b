#!/bin/sh
# Runs in a dev VM restored from a snapshot: sets its clock ($1, in date's format) and kills the Kubernetes components
# that renew their tokens by a clock that stood still. The kubelet restarts them.
set -e
date --set "$1"
pkill -f '^kube-(controller-manager|scheduler) ' || true
