#!/bin/sh
# Starts Chromium with the libraries and the fonts that a bare machine lacks.
here=${0%/*}
export FONTCONFIG_FILE="$here/fonts.conf" LD_LIBRARY_PATH="$here/al2023/lib"
exec "$here/chromium" "$@"
