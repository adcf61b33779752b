//! The output folder from beginning to end: held by one run, cleared of what dead runs left, and finished.
//!
//! In:  a path; in the end the summary, the rows and the manifest. Out: a folder that no other run writes to, and in it, after
//! the notes, `briefs.jsonl`, the overview in its four forms, `summary.json` and `.sukje/part.json`. They get their names together, the
//! manifest last: where it stands, everything else is there and true.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::briefs::{BRIEFS_FILE, write_briefs};
use super::commit::{Durability, OutputFolder, UnplacedFile, remove_leftovers};
use super::error::{BatchError, BatchErrorKind};
use super::journal::{Journal, JournalIndex, lock, make_state_folder, scratch_file};
use super::manifest::{ShardManifest, manifest_name};
use super::plan::InputError;
use super::summary::{Items, SUMMARY_FILE, Summary};
use crate::overview::{ArticleRows, FailedInput, Overview};
use crate::render::{write_briefing, write_index, write_json, write_matrix};

/// Says how a run or a merge ended.
#[derive(Debug)]
pub struct Report {
    /// Every input that has no note, as errors call it, and why.
    pub failures: Vec<(String, InputError)>,
    /// Says how far it came.
    pub end: End,
}

/// Says how far a run or a merge came.
#[derive(Debug)]
#[must_use]
pub enum End {
    /// Every input has its outcome, and the folder is whole.
    Finished {
        /// Says how many notes somebody has edited so that they are no briefs any more, and left out of `briefs.jsonl`.
        broken_briefs: usize,
    },
    /// It was told to stop. The next run goes on from there.
    Interrupted,
    /// As many inputs failed as were allowed to. The next run goes on from there.
    Stopped,
    /// The notes are in place, and what speaks of all of them could not be written.
    Unfinished(BatchError),
}

impl End {
    /// Returns the end of a run that came to its last step.
    pub(super) fn of(finished: Result<usize, BatchError>) -> End {
        match finished {
            Ok(broken_briefs) => End::Finished { broken_briefs },
            Err(error) => End::Unfinished(error),
        }
    }
}

/// An output folder while a run holds it.
pub struct HeldFolder {
    /// Held by what is open.
    _lock: File,
    path: PathBuf,
    pub output: OutputFolder,
    pub journal: Journal,
    /// What the journal holds of earlier runs.
    pub records: JournalIndex,
}

impl HeldFolder {
    /// Makes the folder where there is none, and takes it, or says which run has it.
    pub fn take(path: &Path, durability: Durability) -> Result<HeldFolder, BatchError> {
        fs::create_dir_all(path).map_err(|error| BatchError::io(path, "written", &error))?;
        make_state_folder(path)?;
        let held = lock(path)?;
        remove_leftovers(path)?;
        let output = OutputFolder::open(path, durability)?;
        // From here on it is under way.
        output.remove(&manifest_name())?;
        let (journal, records) = Journal::open(path)?;
        Ok(HeldFolder {
            _lock: held,
            path: path.to_path_buf(),
            output,
            journal,
            records,
        })
    }

    /// Writes everything but the notes; returns how many notes are no briefs any more.
    pub fn finish(
        &self,
        summary: &Summary<impl Items + Serialize>,
        rows: &dyn ArticleRows,
        manifest: &ShardManifest,
    ) -> Result<usize, BatchError> {
        let output = &self.output;
        let formats = &manifest.made.formats;
        let with_briefs = formats.iter().any(|format| format == "json");
        if !with_briefs {
            output.remove(BRIEFS_FILE)?;
        }
        // The briefs are gathered from the notes, all else from the records: neither waits for the other.
        let (overview, (briefs, broken)) = std::thread::scope(|scope| {
            let briefs = scope.spawn(move || {
                let mut broken = 0;
                let written = with_briefs.then(|| {
                    output.write(BRIEFS_FILE, |out| {
                        broken = write_briefs(summary, output, out)?;
                        Ok(())
                    })
                });
                (written, broken)
            });
            let overview = self.write_overview(summary, rows);
            (overview, briefs.join().expect("writing does not panic"))
        });
        let mut written = overview?;
        written.extend(briefs);
        written.push(output.write(SUMMARY_FILE, |out| write_json(summary, out)));
        written.push(output.write(&manifest_name(), |out| write_json(manifest, out)));
        let files = written.into_iter().collect::<Result<Vec<_>, _>>()?;
        output.place(files)?;
        Ok(broken)
    }

    /// Writes what all articles say together, in each of its forms.
    fn write_overview(
        &self,
        summary: &Summary<impl Items>,
        rows: &dyn ArticleRows,
    ) -> Result<Vec<Result<UnplacedFile, BatchError>>, BatchError> {
        let failures = summary.failures().map(|(id, error)| FailedInput {
            id,
            cause: error.message,
        });
        let mut scratch = scratch_file(&self.path)?;
        let failed = |source: io::Error| {
            let cause = format_args!("the overview could not be made: {source}");
            BatchError::new(BatchErrorKind::Io, self.path.display(), cause)
        };
        let overview = Overview::gather(rows, &mut scratch, failures.collect()).map_err(failed)?;
        drop(scratch);
        let output = &self.output;
        Ok(vec![
            output.write("index.html", |out| write_index(&overview, rows, out)),
            output.write("briefing.md", |out| write_briefing(&overview, rows, out)),
            output.write("matrix.csv", |out| write_matrix(&overview, rows, out)),
            output.write("overview.json", |out| {
                write_json(&overview.whole(rows), out)
            }),
        ])
    }
}
