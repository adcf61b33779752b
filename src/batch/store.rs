//! Object stores: the tree of objects that a URL names, and what is said where it cannot be reached.
//!
//! In:  a URL, and from the environment what its store is to be known by. Out: `Tree`, which `stage` makes a folder of and a folder is
//! put into. Never: a wait without an end, or a credential in a message.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::iter::successors;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::client::{HttpError, HttpErrorKind};
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ObjectMeta, ObjectStore, ObjectStoreScheme, RetryConfig};
use thiserror::Error;
use url::Url;

use super::journal::JournalError;

/// A request that fails for a reason that may pass is put again so often, if it began less than this ago. One request takes at most
/// 30 seconds, the library's default, so that a server that is silent costs a minute and a half at most.
const RETRIES: usize = 3;
const RETRIED_FOR: Duration = Duration::from_secs(60);
/// Characters of what a server says that are told.
const CAUSE_CHARS: usize = 200;

/// A tree of objects: a bucket, and the prefix in it that all names begin with.
#[derive(Debug, Clone)]
pub struct Tree {
    /// As it was given; holds no secret.
    url: String,
    /// What the URL says, as a path: bucket and prefix behind the scheme.
    place: Vec<String>,
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) root: Path,
}

/// What went wrong between a store and a folder.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A URL that cannot be used.
    #[error("{url}: {cause}")]
    Url {
        /// What can be shown of it.
        url: String,
        /// Why not.
        cause: &'static str,
    },
    /// Neither an object nor any below it.
    #[error("{url}: there is no object")]
    Nothing {
        /// Where.
        url: String,
    },
    /// The store, or the way to it.
    #[error("{url}: could not be {doing}: {}", cause(source))]
    Store {
        /// The tree or the object.
        url: String,
        /// What was tried.
        doing: &'static str,
        /// What came of it.
        source: object_store::Error,
    },
    /// The staging folder.
    #[error("{}: could not be {doing}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// The lock of the staging folder.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl StoreError {
    /// Whether what was named is not there, as far as one can tell.
    pub fn is_absent(&self) -> bool {
        match self {
            StoreError::Nothing { .. } => true,
            StoreError::Store { source, .. } => kind(source) == Kind::Absent,
            _ => false,
        }
    }
}

impl Tree {
    /// What a URL names. Settings and credentials are those of the environment: `AWS_…`, `GOOGLE_…`, `AZURE_…`.
    pub fn open(given: &str) -> Result<Tree, StoreError> {
        let wrong = |cause| StoreError::Url {
            url: without_secrets(given),
            cause,
        };
        let url = Url::parse(given).map_err(|_| wrong("is no URL"))?;
        Path::from_url_path(url.path())
            .map_err(|_| wrong("has an empty part, or one with a control character"))?;
        let (scheme, root) = ObjectStoreScheme::parse(&url)
            .map_err(|_| wrong("is no URL of the kinds s3, gs, az, abfs and file"))?;
        let is_azure = scheme == ObjectStoreScheme::MicrosoftAzure;
        if url.password().is_some() || !is_azure && !url.username().is_empty() {
            return Err(wrong(
                "holds a name or password; credentials come from the environment",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("has a query; write ? as %3F and # as %23"));
        }
        let built = store(&scheme, &url)
            .ok_or_else(|| wrong("is a web address, and not one of an object store"))?;
        let built = built.map_err(|source| StoreError::Store {
            url: given.into(),
            doing: "opened",
            source,
        })?;
        Ok(Tree::of(given, built, root))
    }

    /// The tree below a path in a store, which is called by a URL.
    pub fn of(url: &str, store: Arc<dyn ObjectStore>, root: Path) -> Tree {
        let parsed = Url::parse(url).ok();
        let host = parsed.as_ref().map_or(String::new(), |url| {
            let user = Some(url.username()).filter(|user| !user.is_empty());
            let user = user.map_or(String::new(), |user| format!("{user}@"));
            format!("{user}{}", url.host_str().unwrap_or_default())
        });
        let path = parsed.as_ref().map_or("", |url| url.path());
        let path = Path::from_url_path(path).unwrap_or_default();
        let place = [host]
            .into_iter()
            .chain(path.parts().map(|part| part.as_ref().to_string()))
            .filter(|part| !part.is_empty());
        Tree {
            url: url.trim_end_matches('/').into(),
            place: place.collect(),
            store,
            root,
        }
    }

    /// As it was given.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Scheme, bucket and prefix: where it lies among other trees.
    pub(super) fn place(&self) -> impl Iterator<Item = &str> {
        let scheme = self.url.split(':').next().unwrap_or_default();
        [scheme]
            .into_iter()
            .chain(self.place.iter().map(String::as_str))
    }

    /// Its objects by their names below it, or those that lie in no folder of it.
    pub(super) async fn list(
        &self,
        recursive: bool,
    ) -> Result<BTreeMap<String, ObjectMeta>, StoreError> {
        let root = Some(&self.root);
        let objects = match recursive {
            true => self.store.list(root).try_collect::<Vec<_>>().await,
            false => {
                let listed = self.store.list_with_delimiter(root).await;
                listed.map(|listed| listed.objects)
            }
        };
        let mut named = BTreeMap::new();
        for object in objects.map_err(|error| self.failed("listed", error))? {
            // A marker of the tree's own folder has no name below it.
            let Some(name) = self.name(&object.location).filter(|name| !name.is_empty()) else {
                continue;
            };
            // A folder's marker and an object are told apart by a stroke at the end, which the library takes off.
            let marker = |other: &ObjectMeta| object.size == 0 && other.size > 0;
            if !named.get(&name).is_some_and(marker) {
                named.insert(name, object);
            }
        }
        Ok(named)
    }

    /// Whether an object of another tree is one of this one, too.
    pub(super) fn holds(&self, other: &Tree, object: &ObjectMeta) -> bool {
        let bucket = |tree: &Tree| {
            let depth = 1 + usize::from(!tree.url.starts_with("file:"));
            tree.place()
                .take(depth)
                .map(String::from)
                .collect::<Vec<_>>()
        };
        bucket(self) == bucket(other) && object.location.prefix_matches(&self.root)
    }

    fn name(&self, location: &Path) -> Option<String> {
        let parts = location.prefix_match(&self.root)?;
        let parts: Vec<String> = parts.map(|part| part.as_ref().to_string()).collect();
        Some(parts.join("/"))
    }

    /// Where what is called so below it lies.
    pub(super) fn location(&self, name: &str) -> Result<Path, StoreError> {
        let whole = format!("{}/{name}", self.root);
        Path::parse(whole).map_err(|error| self.failed("named", error.into()))
    }

    pub(super) fn failed(&self, doing: &'static str, source: object_store::Error) -> StoreError {
        self.failed_at("", doing, source)
    }

    /// The failure of an object below it.
    pub(super) fn failed_at(
        &self,
        name: &str,
        doing: &'static str,
        source: object_store::Error,
    ) -> StoreError {
        StoreError::Store {
            url: self.url_of(name),
            doing,
            source,
        }
    }

    /// What an object below it is called.
    pub(super) fn url_of(&self, name: &str) -> String {
        match name.is_empty() {
            true => self.url.clone(),
            false => format!("{}/{name}", self.url),
        }
    }
}

/// The store of a kind; none for the web, which has no lists of objects.
fn store(
    scheme: &ObjectStoreScheme,
    url: &Url,
) -> Option<object_store::Result<Arc<dyn ObjectStore>>> {
    // One that is set already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let retry = RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: RETRIES,
        retry_timeout: RETRIED_FOR,
    };
    Some(match scheme {
        ObjectStoreScheme::Local => Ok(Arc::new(LocalFileSystem::new())),
        ObjectStoreScheme::AmazonS3 => {
            let built = AmazonS3Builder::from_env().with_url(url.as_str());
            built
                .with_retry(retry)
                .build()
                .map(|store| Arc::new(store) as _)
        }
        ObjectStoreScheme::GoogleCloudStorage => {
            let built = GoogleCloudStorageBuilder::from_env().with_url(url.as_str());
            built
                .with_retry(retry)
                .build()
                .map(|store| Arc::new(store) as _)
        }
        ObjectStoreScheme::MicrosoftAzure => {
            let built = MicrosoftAzureBuilder::from_env().with_url(url.as_str());
            built
                .with_retry(retry)
                .build()
                .map(|store| Arc::new(store) as _)
        }
        _ => return None,
    })
}

/// A URL without what stands before an @ and behind a ?.
fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, rest)) => format!("{scheme}://…@{rest}"),
            None => url.into(),
        },
        None => url.into(),
    }
}

/// The kinds of failure that are told in words of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Absent,
    Denied,
    Silent,
    Unconnected,
    Other,
}

fn kind(error: &object_store::Error) -> Kind {
    use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
    let links = successors(Some(error as &dyn Error), |&link| link.source());
    let mut links = links.filter_map(|link| link.downcast_ref::<HttpError>());
    match (error, links.next().map(HttpError::kind)) {
        (_, Some(HttpErrorKind::Timeout)) => Kind::Silent,
        (_, Some(HttpErrorKind::Connect)) => Kind::Unconnected,
        (NotFound { .. }, _) => Kind::Absent,
        (PermissionDenied { .. } | Unauthenticated { .. }, _) => Kind::Denied,
        // Where a list failed, the status stands in the words alone.
        _ => match last(error).split_once(" status code: ") {
            Some((_, status)) if status.starts_with("404") => Kind::Absent,
            Some((_, status)) if status.starts_with("401") || status.starts_with("403") => {
                Kind::Denied
            }
            _ => Kind::Other,
        },
    }
}

/// What lies at the bottom of a failure.
fn last(error: &object_store::Error) -> String {
    let links = successors(Some(error as &dyn Error), |&link| link.source());
    links.last().map_or(String::new(), ToString::to_string)
}

/// Why a request failed, in few words. The library's own hold the whole address, and an address may hold a signature.
fn cause(error: &object_store::Error) -> String {
    let last = last(error);
    let coded = |words: &str| match code(&last) {
        Some(code) => format!("{words} ({code})"),
        None => words.into(),
    };
    match kind(error) {
        Kind::Absent => coded("it is not there"),
        Kind::Denied => coded("access denied"),
        Kind::Silent => "the server does not answer in time".into(),
        Kind::Unconnected => format!("no connection: {}", words(&last)),
        Kind::Other => words(&last),
    }
}

/// What a server's answer calls the failure.
fn code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let plain = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then_some(code)
}

/// A message without what a server sent along, and without the queries of addresses.
fn words(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let line = line.split(": <").next().unwrap_or_default();
    let words = line.split(' ').map(|word| match word.contains("://") {
        true => word.split('?').next().unwrap_or_default(),
        false => word,
    });
    let words: Vec<&str> = words.collect();
    let said: String = words.join(" ").chars().take(CAUSE_CHARS).collect();
    match code(text) {
        Some(code) => format!("{said} ({code})"),
        None => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_trees_or_are_refused() {
        let check = |url: &str, expected: Result<&[&str], &str>| {
            let place = Tree::open(url).map(|tree| tree.place().collect::<Vec<_>>().join("|"));
            let place = place.map_err(|error| error.to_string());
            let expected = expected.map(|parts| parts.join("|"));
            assert_eq!(place, expected.map_err(String::from));
        };
        check("file:///a/b/", Ok(&["file", "a", "b"]));
        check("s3://bucket", Ok(&["s3", "bucket"]));
        check(
            "s3://bucket/%EA%B0%95/a%20b",
            Ok(&["s3", "bucket", "강", "a b"]),
        );
        check(
            "http://ai.example/a",
            Err("http://ai.example/a: is a web address, and not one of an object store"),
        );
        check(
            "ftp://me:sesame@host/a",
            Err("ftp://…@host/a: is no URL of the kinds s3, gs, az, abfs and file"),
        );
        check(
            "s3://key:sesame@bucket/a",
            Err("s3://…@bucket/a: holds a name or password; credentials come from the environment"),
        );
        check(
            "s3://bucket/a?sig=sesame",
            Err("s3://bucket/a: has a query; write ? as %3F and # as %23"),
        );
        check(
            "s3://bucket/a//b",
            Err("s3://bucket/a//b: has an empty part, or one with a control character"),
        );
    }

    #[test]
    fn causes_hold_no_signature_and_no_page() {
        let check = |text: &str, expected: &str| assert_eq!(words(text), expected);
        check(
            "error sending request for url (http://127.0.0.1/a?sig=sesame) now\nmore",
            "error sending request for url (http://127.0.0.1/a now",
        );
        check(
            "Server returned non-2xx status code: 400 Bad Request: <?xml?><Code>AuthorizationHeaderMalformed</Code><Key>sesame</Key>",
            "Server returned non-2xx status code: 400 Bad Request (AuthorizationHeaderMalformed)",
        );
    }
}
