# Sourced by the scripts beside it: a plain message instead of a stack, and the Salesforce CLI or how to get it.
set -euo pipefail
self=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

fail() {
  echo "$1" >&2
  exit "${2:-1}"
}

# The text between "# Usage" and the first empty line of the script that was called.
usage() {
  sed -n '/^# Usage/,/^$/p' "$self" | sed 's/^# \{0,1\}//'
}

require_sf() {
  command -v sf >/dev/null ||
    fail 'The Salesforce CLI (sf) is missing: install it with Node.js 22 or newer, by "npm install --global @salesforce/cli".'
}

# assign ORG NAMESPACE USERNAME PERMISSION-SET...: of the package (Booking_Integration, ...) with the namespace in front.
assign() {
  local org=$1 namespace=$2 username=$3
  shift 3
  local flags=()
  for name in "$@"; do
    case "$name" in
      Booking_API_User_*) flags+=(--name "$name") ;;
      *) flags+=(--name "${namespace:+${namespace}__}$name") ;;
    esac
  done
  sf org assign permset "${flags[@]}" ${username:+--on-behalf-of "$username"} --target-org "$org"
}

# deploy_admin_kit ORG NAMESPACE
deploy_admin_kit() {
  node scripts/admin-kit.mjs ${2:+--namespace "$2"} >/dev/null
  (cd dist/admin-kit && sf project deploy start --source-dir admin-kit --target-org "$1")
}
