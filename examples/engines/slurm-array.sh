#!/usr/bin/env bash
# A batch in shards as an array job of Slurm. Checked with `bash -n`; not run.
#
#   job=$(sbatch --parsable slurm-array.sh ARTICLES OUT)
#   sbatch --dependency=afterok:$job --wrap "sukje merge OUT/part* --out OUT/notes"
#
# OUT must be a folder that all machines see. A task that is run again goes on where it was.
#SBATCH --job-name=sukje
#SBATCH --array=0-15
#SBATCH --cpus-per-task=2
#SBATCH --mem=1G
#SBATCH --requeue
set -uo pipefail

articles=$1 out=$2
shards=16 # as many as --array has

mkdir -p "$out"
sukje batch --recursive "$articles" --quiet --out "$out/part$SLURM_ARRAY_TASK_ID" --shard "auto/$shards" --threads "${SLURM_CPUS_PER_TASK:-1}"
status=$?
case $status in
  # Done; bad inputs, if any, stand in the part's summary.json.
  0 | 1) exit 0 ;;
  # A write failed, or another run holds the folder: again, three times at most.
  74 | 75)
    if [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    fi
    ;;
esac
exit "$status"
