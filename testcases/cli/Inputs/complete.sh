# shellcheck shell=bash disable=SC1090
# complete.sh SCRIPT WORD...: what bash offers for the last word, by the completion script.
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_gordian
printf '%s\n' "${COMPREPLY[@]}"
