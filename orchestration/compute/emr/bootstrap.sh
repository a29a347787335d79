#!/bin/sh
# Runs on every node before Spark does: the packed environment links to this Python.
set -eu
test -x /usr/bin/python3.11 || sudo dnf install --assumeyes --quiet python3.11
