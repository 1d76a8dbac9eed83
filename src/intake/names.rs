//! Names with their namespaces.
//!
//! In: a local name and the URI of its namespace. Out: the name that rows of
//! the catalogue use. Must not know: documents.

use std::borrow::Cow;

const DSML: &str = "http://www.dsml.org/DSML";
const MS_DSML: &str = "http://www.microsoft.com/MMS/DSML";

/// A name, prefixed where its namespace is known.
pub(super) fn full_name<'a>(namespace: Option<&str>, name: &'a str) -> Cow<'a, str> {
    match namespace {
        None => Cow::Borrowed(name),
        Some(DSML) => Cow::Owned(format!("dsml:{name}")),
        Some(MS_DSML) => Cow::Owned(format!("ms-dsml:{name}")),
        Some(uri) => Cow::Owned(format!("{{{uri}}}{name}")),
    }
}

/// Whether that is this name.
pub(super) fn same_name(namespace: Option<&str>, name: &str, full: &str) -> bool {
    let rest = match namespace {
        None => Some(full),
        Some(DSML) => full.strip_prefix("dsml:"),
        Some(MS_DSML) => full.strip_prefix("ms-dsml:"),
        Some(uri) => full
            .strip_prefix('{')
            .and_then(|full| full.strip_prefix(uri))
            .and_then(|full| full.strip_prefix('}')),
    };
    rest == Some(name)
}
