#!/bin/busybox sh
# shellcheck shell=dash
# Starts the CDH, to which agents of main delegate image pulls, and returns when its socket exists: the agent looks for
# it once, at its own start. Registries and signatures are at the same paths as in our other guests; upstream's kernel
# parameters name policy and credentials.
#
# Kernel parameter of its own:
#   kata_cc.agent_starts_cdh   leave the CDH to the agent, which configures it by initdata; the agent needs a parameter of its own for
#                              that, agent.guest_components_procs=confidential-data-hub, and an attestation-agent. offline_fs_kbc
#                              gets the resources that the initdata has: data.offline_fs_kbc, its file in base64

cdh=/usr/local/bin/confidential-data-hub
socket=/run/confidential-containers/cdh.sock
config=/run/confidential-containers/cdh.toml

resources=/etc/aa-offline_fs_kbc-resources.json
attestation_agent=/usr/local/bin/attestation-agent
policy='' verify='' credentials=''
read -r words </proc/cmdline
for word in $words; do
  case "$word" in
    kata_cc.agent_starts_cdh)
      [ -e "$attestation_agent" ] || ln -s "$attestation_agent.sh" "$attestation_agent"
      # With Kata's runtime, CreateSandbox creates it; our guests have no sandbox.
      mkdir -p /run/kata-containers
      # The agent reads the initdata from the same disk later: magic, length of 8 bytes, gzip.
      for disk in /dev/[sv]d?; do
        [ "$(head -c 8 "$disk" 2>/dev/null)" = initdata ] || continue
        given=$(tail -c +17 "$disk" | zcat 2>/dev/null | sed -n 's/^offline_fs_kbc = "\(.*\)"$/\1/p')
        # An empty file ends the CDH.
        [ -z "$given" ] || echo "$given" | base64 -d >"$resources"
      done
      exit
      ;;
    agent.enable_signature_verification=true) verify=yes ;;
    agent.image_policy_file=*) policy=${word#*=} ;;
    agent.image_registry_auth=*) credentials=${word#*=} ;;
  esac
done

# With Kata's runtime, CreateSandbox creates the second directory; our guests have no sandbox.
mkdir -p /run/confidential-containers /run/kata-containers
{
  echo "socket = \"unix://$socket\""
  echo '[kbc]'
  echo 'name = "offline_fs_kbc"'
  echo '[image]'
  echo 'registry_configuration_uri = "file:///etc/containers/registries.conf"'
  echo 'sigstore_config_uri = "file:///etc/containers/registries.d/quay.io.yaml"'
  [ -z "$verify" ] || echo "image_security_policy_uri = \"$policy\""
  [ -z "$credentials" ] || echo "authenticated_registry_credentials_uri = \"$credentials\""
} >"$config"

"$cdh" -c "$config" &
tries=0
until [ -S "$socket" ]; do
  tries=$((tries + 1))
  if [ "$tries" = 2000 ] || ! kill -0 $! 2>/dev/null; then
    echo "guest: the CDH did not start"
    exit 1
  fi
  usleep 10000
done
