//! stub
use std::borrow::Cow;
/// What stands in the place of every masked secret.
pub const MASK: &str = "‹secret›";
/// How much of a text is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Everything that looks like a credential.
    Full,
    /// Only segments of connection strings.
    Segments,
}
/// Masks.
pub fn mask(text: &str) -> (Cow<'_, str>, Option<[u8; 32]>) {
    (Cow::Borrowed(text), None)
}
/// Masks.
pub(super) fn within(_text: &str, _style: Style) -> Option<(String, [u8; 32])> {
    None
}
