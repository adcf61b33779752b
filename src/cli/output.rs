//! Where a command's output goes: standard output, or a file that appears whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use sukje::batch::sync_folder;
use sukje::render::TextStyle;
use tempfile::NamedTempFile;

use super::args::{ColorWhen, OutputArgs};
use super::exit::{Exit, Failure, Stop, write_failed};
use super::{signals, stdio};

/// Text on a terminal is wrapped at the window's width, but never wider than this: longer lines are hard to read.
const WIDEST: usize = 100;

/// An output ready to be written.
#[derive(Debug)]
pub enum Output {
    /// Standard output.
    Stdout,
    /// A pipe or a device named by the user.
    Stream(File, PathBuf),
    /// A file under a temporary name, and the name it will have.
    File(NamedTempFile, PathBuf),
}

impl Output {
    /// Opens the output before any work is done, so that a wrong path costs nothing.
    pub fn open(path: Option<&Path>) -> Result<Output, Stop> {
        match path {
            None => Ok(Output::Stdout),
            Some(path) if path == Path::new("-") => Ok(Output::Stdout),
            Some(path) => open_file(path).map_err(|error| cannot_write(path, &error)),
        }
    }

    /// Hands the output to `write` and finishes it.
    pub fn write(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
        match self {
            Output::Stdout => {
                write_stdout(write).map_err(|error| write_failed("standard output", &error))
            }
            Output::Stream(mut file, path) => {
                write(&mut file).map_err(|error| write_failed(path.display(), &error))
            }
            Output::File(file, path) => {
                write_file(file, &path, write).map_err(|error| cannot_write(&path, &error))
            }
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Stop {
    let cause = format_args!("could not be written: {error}");
    Failure::new(Exit::Io, path.display(), cause).into()
}

fn write_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    stdio::check_stdout()?;
    let mut stdout = io::stdout().lock();
    write(&mut stdout)?;
    stdout.flush()
}

/// Opens a temporary file beside the one asked for; what is no regular file (a pipe, `/dev/null`) is written to directly.
fn open_file(path: &Path) -> io::Result<Output> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    match path.metadata() {
        Ok(known) if known.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(known) if !known.is_file() => {
            let stream = OpenOptions::new().write(true).open(&path)?;
            return Ok(Output::Stream(stream, path));
        }
        Ok(known) if known.permissions().readonly() => {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        _ => {}
    }
    let file = temporary(&path).tempfile_in(folder(&path))?;
    signals::set_unfinished(Some(file.path().to_path_buf()));
    Ok(Output::File(file, path))
}

fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The name begins with a dot and is short whatever the file's own; the mode is that of any new file, or of the old one.
fn temporary(path: &Path) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sukje-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let old = path.metadata().map(|known| known.permissions());
        builder.permissions(old.unwrap_or_else(|_| PermissionsExt::from_mode(0o666)));
    }
    #[cfg(not(unix))]
    let _ = path;
    builder
}

fn write_file(
    mut file: NamedTempFile,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    write(&mut file)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    signals::set_unfinished(None);
    // The new name itself must reach the disk too.
    sync_folder(folder(path))
}

/// Returns whether the output is read on a terminal.
pub fn on_terminal(args: &OutputArgs) -> bool {
    args.output.is_none() && io::stdout().is_terminal()
}

/// Colour and width for the text form.
pub fn text_style(args: &OutputArgs) -> TextStyle {
    let terminal = on_terminal(args);
    let color = match args.color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => {
            terminal && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
        }
    };
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = terminal.then(|| columns.unwrap_or(80).min(WIDEST));
    TextStyle { color, width }
}
