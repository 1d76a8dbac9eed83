//! JSON: the report as it is.

use serde::Serialize;

/// Indented JSON with a line end.
///
/// # Errors
/// A value cannot be serialised; none of the result types can cause that.
pub fn json<T: Serialize>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
